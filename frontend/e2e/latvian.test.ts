import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, visit } from './harness/browser';
import { screens } from './harness/screens';
import { Server } from './harness/server';
import { EnglishFinder } from './harness/texts';

let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = await Server.start({ KEYTRAIL_SAMPLE: '1' });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

test('no English is left on any page of the Latvian app', async () => {
  const { page, context } = await visit(browser, server.url, { locale: 'lv-LV' });
  const english = new EnglishFinder(page);
  const found: [string, string[]][] = [];
  const look = async (name: string) => {
    const texts = await english.find();
    if (texts.length > 0) found.push([name, texts]);
  };
  await page.goto('/');
  await page.locator('input[type="password"]').waitFor();
  await look('sign-in');
  await signIn(page, { username: 'admin', password: 'keytrail-sample' });
  for (const [name, open] of screens) {
    await open(page);
    await look(name);
  }
  await page.goto('/');
  await page.getByRole('button', { name: /^Jūsu izvēlne/ }).click();
  await page.getByRole('menuitem').first().waitFor();
  await look('own menu');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await look('shortcuts');
  await context.close();
  expect(found).toEqual([]);
}, 600_000);

test('English is found where it is left', async () => {
  const { page, context } = await visit(browser, server.url, { locale: 'en-GB' });
  const english = new EnglishFinder(page);
  await page.goto('/');
  await page.locator('input[type="password"]').waitFor();
  expect(await english.find()).toContain('User name');
  await context.close();
});
