import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, visit } from './harness/browser';
import { Server } from './harness/server';
import { EnglishFinder } from './harness/texts';

let server: Server;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start({ KEYTRAIL_SAMPLE: '1' }), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

test('no English is left in what opens over every page of the Latvian app', async () => {
  const { page, context } = await visit(browser, server.url, { locale: 'lv-LV' });
  const english = new EnglishFinder(page);
  await signIn(page, { username: 'admin', password: 'keytrail-sample' });
  await page.getByRole('button', { name: /^Jūsu izvēlne/ }).click();
  await page.getByRole('menuitem').first().waitFor();
  expect(await english.find()).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  expect(await english.find()).toEqual([]);
  await context.close();
});

test('English is found where it is left', async () => {
  const { page, context } = await visit(browser, server.url, { locale: 'en-GB' });
  const english = new EnglishFinder(page);
  await page.goto('/');
  await page.locator('input[type="password"]').waitFor();
  expect(await english.find()).toContain('User name');
  await context.close();
});
