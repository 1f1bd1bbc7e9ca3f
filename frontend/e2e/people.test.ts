import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { ROOT, Server } from './harness/server';

let server: Server;
let browser: Browser;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start({ KEYTRAIL_DOCUMENTS: 'known-all' }), startBrowser()]);
  visitor = await visit(browser, server.url);
  page = visitor.page;
  await signIn(page, ROOT);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const choose = (text: string) =>
  page.locator('input[type="file"]').setInputFiles({
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(text),
  });

test('people are imported once every line of the file can be taken', async () => {
  await page.goto('/people');
  await page.getByRole('button', { name: 'Import' }).click();
  const carryOut = page.getByRole('button', { name: /^Import \d+ p/ });
  await choose('Name;Badge;E-mail\nĢirts Ābols;4711;girts@example.org\nIlze Zeltiņa;4712;nowhere\n');
  await page.getByText('1 new, 0 changed, 0 unchanged, 1 wrong').waitFor();
  await page.getByText('this is not an e-mail address').waitFor();
  expect(await carryOut.isDisabled()).toBe(true);

  await choose('Name;Badge;E-mail\nĢirts Ābols;4711;girts@example.org\nIlze Zeltiņa;4712;\n');
  await page.getByText('2 new, 0 changed, 0 unchanged, 0 wrong').waitFor();
  await carryOut.click();
  await page.getByRole('rowheader', { name: 'Ģirts Ābols' }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Import' }).click();
  await choose('name,badge,phone\nĢirts Ābols,4711,+371 20000000\nIlze Zeltiņa,4712,\n');
  await page.getByText('0 new, 1 changed, 1 unchanged, 0 wrong').waitFor();
  await page.getByText('Changed: Phone').waitFor();
  expect(visitor.errors).toEqual([]);
});
