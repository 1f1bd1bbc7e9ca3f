import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, visit } from './harness/browser';
import { ROOT, Server } from './harness/server';
import { EnglishFinder } from './harness/texts';

let server: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), startBrowser()]);
  page = (await visit(browser, server.url, { locale: 'lv-LV' })).page;
  await signIn(page, ROOT);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const addKey = async (number: string) => {
  await page.goto('/keys');
  await page.getByRole('button', { name: 'Pievienot atslēgu' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Numurs').fill(number);
  await dialog.getByRole('button', { name: /^(Pievienot|Saglabāt)/ }).click();
  return dialog;
};

test('what the server refuses is said in Latvian in the Latvian app', async () => {
  const english = new EnglishFinder(page);
  await (await addKey('1024')).waitFor({ state: 'detached' });
  const refused = await addKey('1024');
  await refused.getByText('Numurs 1024 jau ir citai atslēgai').waitFor();
  expect(await english.find()).toEqual([]);
});

test('what is wrong with a line of an import is said in Latvian in the Latvian app', async () => {
  const english = new EnglishFinder(page);
  await page.goto('/people');
  await page.getByRole('button', { name: 'Importēt' }).click();
  await page.locator('input[type="file"]').setInputFiles({
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('name,badge,email\nĢirts Ābols,4711,nowhere\nIlze Zeltiņa,4711,\n'),
  });
  await page.getByText('tā nav e-pasta adrese').waitFor();
  expect(await english.find()).toEqual([]);
});
