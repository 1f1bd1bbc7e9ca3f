import { existsSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

/** Debian's Chromium: without a browser's own windows and menus, which take a quarter of the time, or else the whole. */
const programs = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** Starts the Chromium that CHROMIUM names, or Debian's, without anything that would call home. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? programs.find(existsSync),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Errors that the page logged or threw, apart from connections that broke. */
  errors: string[];
}

/** A person at a browser of his own. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Riga',
    baseURL: url,
    ...options,
  });
  context.setDefaultTimeout(30_000); // two files at a time on two cores
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !/WebSocket|ERR_CONNECTION|Failed to load resource/.test(text))
      errors.push(text);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      reportError(new Error(`forbidden by ${event.effectiveDirective}: ${event.blockedURI}`)),
    );
  });
  return { context, page, errors };
}

/** Signs in through the form, as a person does. */
export async function signIn(page: Page, who: { username: string; password: string }): Promise<void> {
  await page.goto('/');
  await page.getByLabel(/^(User name|Lietotājvārds)$/).fill(who.username);
  await page.locator('input[type="password"]').fill(who.password);
  await page.keyboard.press('Enter');
  await page.locator('[data-today]').waitFor();
}
