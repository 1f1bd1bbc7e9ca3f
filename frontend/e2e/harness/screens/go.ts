import type { Page } from 'playwright-core';

/** A page by name, and how it is opened with something on it. */
export type Screen = [string, (page: Page) => Promise<void>];

/**
 * Goes to a page as its link would, inside the app. It is loaded anew where only the search part differs, and from
 * behind a dialog or a menu, where nobody follows a link.
 */
export async function go(page: Page, path: string): Promise<void> {
  const { pathname } = new URL(path, page.url());
  const covered = (await page.locator('[role="dialog"], [role="menu"]').count()) > 0;
  if (covered || pathname === new URL(page.url()).pathname) {
    await page.goto(path);
    return;
  }
  const former = await page.title();
  await page.evaluate((to) => window.history.pushState({}, '', to), path);
  await page.waitForFunction((title) => document.title !== title, former);
}
