import axe from 'axe-core';
import type { Page } from 'playwright-core';

const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What a page has against accessibility rules and its own width, a line each. The rules run in the page itself, which
 * has no frames, and stay there for as long as the page is not loaded anew.
 */
export async function violationsOf(page: Page): Promise<string[]> {
  await menuGone(page);
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(async (tags) => {
    const checker = (window as unknown as { axe: typeof axe }).axe;
    const { violations } = await checker.run(document, {
      runOnly: { type: 'tag', values: tags },
      resultTypes: ['violations'],
    });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  }, rules);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return wider > 0 ? [...found, `the page is ${wider} px wider than the window`] : found;
}

/** Waits until the menu from which a dialog was opened has faded away. */
async function menuGone(page: Page): Promise<void> {
  if ((await page.getByRole('dialog').count()) === 0) return;
  await page
    .waitForFunction(() => !document.querySelector('[role="menu"]'), null, { timeout: 5_000 })
    .catch(() => {}); // one that stays is looked at
}
