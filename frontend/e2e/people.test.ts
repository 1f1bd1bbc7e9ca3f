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

test('a person is changed with his external names, merged with his duplicate, and nobody has left with keys', async () => {
  const actions = (name: string) => page.getByRole('button', { name: `Actions for ${name}` });
  const choose = async (name: string, item: string) => {
    await actions(name).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await page.goto('/people');
  await choose('Ģirts Ābols', 'Change details');
  await page.getByLabel('Belongs here until').fill('2020-01-31');
  await page.getByRole('button', { name: 'Add a name' }).click();
  await page.getByLabel('Program of name 1').fill('Windows');
  await page.getByLabel('Name 1 in that program').fill('FACTORY\\girts');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await choose('Ilze Zeltiņa', 'Merge with…');
  await page.getByRole('combobox', { name: 'The other entry of the same person' }).fill('abols');
  await page.getByRole('option', { name: /Ģirts Ābols/ }).click();
  await page.getByRole('radio', { name: /Ģirts Ābols/ }).check();
  await page.getByText('the other entry’s 4712 is dropped').waitFor();
  await page.getByText('windows: FACTORY\\girts').waitFor();
  await page.getByLabel('How is it known that both are one person?').fill('A new surname');
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('rowheader', { name: 'Ilze Zeltiņa' }).waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Left, keys out' }).click();
  await page.getByText('Nobody who left holds keys').waitFor();

  await page.goto('/people');
  await page.getByRole('link', { name: 'Ģirts Ābols' }).click();
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  const filter = page.getByRole('combobox', { name: 'Filter', exact: true });
  await expect.poll(() => filter.inputValue(), { timeout: 20_000 }).toContain('person:"Ģirts Ābols"');
  expect(visitor.errors).toEqual([]);
});
