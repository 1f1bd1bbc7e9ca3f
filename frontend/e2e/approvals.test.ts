import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client, settleSample } from './harness/client';
import { Server } from './harness/server';

const admin = { username: 'admin', password: 'keytrail-sample' };
const custodian = { username: 'custodian', password: 'keytrail-sample' };

let server: Server;
let browser: Browser;
let client: Client;
let desk: Visitor;
let second: Visitor;

beforeAll(async () => {
  server = await Server.start({ KEYTRAIL_SAMPLE: '1' });
  client = await Client.signIn(server.url, admin);
  await settleSample(client);
  for (const [name, badge, department] of [
    ['Zelma Ozola', '90011', 'Archive'],
    ['Rūdolfs Kalve', '90012', 'Workshop'],
  ])
    await client.ask(
      'mutation($name: String!, $badge: String, $department: String) { createPerson(input: { name: $name, badge: $badge, department: $department }) { person { id } } }',
      { name, badge, department },
    );
  for (const number of ['Z-1', 'Z-2', 'Z-3', 'Z-4', 'Z-5'])
    await client.ask(
      'mutation($number: String!, $marked: Boolean) { createKey(input: { number: $number, label: "Vault", approvalRequired: $marked }) { key { id } } }',
      { number, marked: ['Z-1', 'Z-4'].includes(number) },
    );
  browser = await startBrowser();
  desk = await visit(browser, server.url);
  second = await visit(browser, server.url);
  await signIn(desk.page, admin);
  await signIn(second.page, custodian);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const says = (page: Page, text: string | RegExp) =>
  page.locator('[data-kind]').getByText(text).first().waitFor();

/** Types as a scanner does: the characters at once, then Enter. */
async function scan(page: Page, text: string): Promise<void> {
  await page.keyboard.insertText(text);
  await page.keyboard.press('Enter');
}

async function toTheDesk(page: Page): Promise<void> {
  await page.goto('/desk');
  await page.locator('#desk-number:enabled').waitFor();
}

async function holderOf(number: string): Promise<string | null> {
  const { key } = await client.ask<{ key: { loan: { holder: { name: string } } | null } }>(
    'query($number: String!) { key(number: $number) { loan { holder { name } } } }',
    { number },
  );
  return key.loan?.holder.name ?? null;
}

test('a marked key waits for a second person, who is told at once and approves', async () => {
  await second.page.goto('/approvals');
  await second.page.getByText('Nothing waits for approval').waitFor();
  await toTheDesk(desk.page);
  await scan(desk.page, 'Z-1');
  await scan(desk.page, '90011');
  await says(desk.page, 'Z-1 for Zelma Ozola waits for approval by a second person');
  expect(await holderOf('Z-1')).toBeNull();

  const { page } = second;
  await page.getByRole('link', { name: /1 approval waits for you$/ }).waitFor();
  await page.getByRole('button', { name: 'Approve Z-1 for Zelma Ozola' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Approve Z-1 for Zelma Ozola' });
  await dialog.getByLabel('Note').fill('Seen the work order');
  await dialog.getByRole('button', { name: 'Approve' }).press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(await holderOf('Z-1')).toBe('Zelma Ozola');
  await page.getByText('Nothing waits for approval').waitFor();
  await page.getByText('Decided', { exact: true }).click();
  await page.getByText('Seen the work order').waitFor();
});

test('nobody approves his own: whoever asked can only take it back', async () => {
  const { page } = desk;
  await toTheDesk(page);
  await scan(page, 'Z-4');
  await scan(page, '90012');
  await says(page, 'Z-4 for Rūdolfs Kalve waits');
  await page.getByRole('link', { name: 'What waits' }).click();
  const own = page.getByRole('listitem').filter({ hasText: 'Z-4' });
  await own.getByRole('button', { name: /^Take back/ }).waitFor();
  expect(await own.getByRole('button').count()).toBe(1);
  await own.getByRole('button', { name: /^Take back/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
  await page.getByText('Nothing waits for approval').waitFor();
  await second.page.getByRole('link', { name: /waits for you$/ }).waitFor({ state: 'detached' });
  expect(await holderOf('Z-4')).toBeNull();
});

test('a group that is for one department refuses others, and a reason lets them', async () => {
  const { page } = desk;
  await page.goto('/keys/groups');
  await page.getByRole('button', { name: 'Add a group' }).click();
  const form = page.getByRole('dialog', { name: 'Add a group' });
  await form.getByLabel('Name').fill('Vaults');
  await form.getByRole('combobox', { name: 'Keys' }).or(form.getByLabel('Keys')).first().fill('Z-');
  await page.getByRole('option', { name: 'Z-2 Vault' }).click();
  await page.getByRole('option', { name: 'Z-3 Vault' }).click();
  await page.keyboard.press('Escape');
  await form.getByRole('button', { name: 'Add who may take them' }).click();
  await form.getByLabel('Who on line 1').first().fill('Archive');
  await page.getByRole('option', { name: 'Archive' }).click();
  await form.getByText('At a time', { exact: true }).click();
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  const group = page.getByRole('listitem').filter({ hasText: 'Vaults' });
  await group.getByText('For Archive').waitFor();
  await group.getByText('until 17:00').waitFor();

  await toTheDesk(page);
  await scan(page, 'Z-2');
  await scan(page, '90012');
  await says(page, 'Z-2 for Rūdolfs Kalve is against the rules');
  await says(page, /Who may take it: the department Archive/);
  await scan(page, '90011');
  expect(await holderOf('Z-2')).toBeNull();
  await scan(page, 'The archive is flooded');
  await says(page, 'Z-2 issued to Rūdolfs Kalve');
  expect(await holderOf('Z-2')).toBe('Rūdolfs Kalve');
});

test('the dialog says when the key would be due, who may take it, and takes a reason', async () => {
  const { page } = desk;
  await page.goto('/keys?q=Z-3');
  await page.getByRole('row', { name: /Z-3.*Available/ }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Issue key Z-3' });
  await dialog
    .getByText(/, 17:00$/)
    .first()
    .waitFor();
  await dialog
    .getByRole('combobox', { name: 'Holder' })
    .or(dialog.getByLabel('Holder'))
    .first()
    .fill('Rūdolfs');
  await page.getByRole('option', { name: /Rūdolfs Kalve/ }).click();
  await dialog.getByRole('button', { name: 'Issue 1 key' }).click();
  await dialog.getByText('Who may take it: the department Archive').waitFor();
  await dialog.getByLabel('Why all the same').fill('Flood');
  await dialog.getByRole('button', { name: 'Issue 1 key' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await holderOf('Z-3')).toBe('Rūdolfs Kalve');
  expect([...desk.errors, ...second.errors]).toEqual([]);
});

test('a ring keeps two keys together', async () => {
  const { page } = desk;
  await page.goto('/keys/groups');
  await page.getByRole('button', { name: 'Add a ring' }).click();
  const form = page.getByRole('dialog', { name: 'Add a ring' });
  await form.getByLabel('Name').fill('Night round');
  await form.getByRole('combobox', { name: 'Keys' }).or(form.getByLabel('Keys')).first().fill('Z-');
  await page.getByRole('option', { name: 'Z-4 Vault' }).click();
  await page.getByRole('option', { name: 'Z-5 Vault' }).click();
  await page.keyboard.press('Escape');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('listitem').filter({ hasText: 'Night round' }).getByText('Z-4, Z-5').waitFor();
});
