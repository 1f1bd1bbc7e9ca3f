import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client, settleSample } from './harness/client';
import { Server } from './harness/server';

const password = 'keytrail-sample';

let server: Server;
let browser: Browser;
let desk: Visitor;
let receiver: Visitor;
let page: Page;
let keyId: string;
let receiverName: string;

const makeKey = (client: Client, number: string) =>
  client.ask<{ createKey: { key: { id: string } } }>(
    'mutation($number: String!) { createKey(input: { number: $number, label: "Loan room", cabinet: "Loans" }) { key { id } } }',
    { number },
  );

beforeAll(async () => {
  server = await Server.start({ KEYTRAIL_SAMPLE: '1' });
  const client = await Client.signIn(server.url, { username: 'admin', password });
  await settleSample(client);
  const member = await Client.signIn(server.url, { username: 'member', password });
  const { viewer } = await member.ask<{ viewer: { person: { id: string; name: string } } }>(
    '{ viewer { person { id name } } }',
  );
  receiverName = viewer.person.name;
  keyId = (await makeKey(client, 'LN-1')).createKey.key.id;
  await makeKey(client, 'LN-2');
  const { createPerson } = await client.ask<{ createPerson: { person: { id: string } } }>(
    'mutation { createPerson(input: { name: "Zelma Ozola-Krūze" }) { person { id } } }',
  );
  await client.ask(
    'mutation($keys: [ID!]!, $holder: ID!, $due: Time!) { issueKeys(input: { keys: $keys, holder: $holder, dueAt: $due }) { entries { id } } }',
    { keys: [keyId], holder: createPerson.person.id, due: new Date(Date.now() + 1_800_000).toISOString() },
  );
  browser = await startBrowser();
  desk = await visit(browser, server.url);
  receiver = await visit(browser, server.url);
  page = desk.page;
  await signIn(page, { username: 'admin', password });
  await signIn(receiver.page, { username: 'member', password });
  await page.goto(`/keys/${keyId}`);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const said = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).first().waitFor();

async function choose(item: string): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).press('Enter');
  // An opened menu takes the focus once; what is pressed before that would go to its first item.
  await page.waitForFunction(() => document.activeElement?.closest('[role="menu"]'));
  await page.getByRole('menuitem', { name: item }).press('Enter');
}

test('a loan is extended from the key’s page', async () => {
  await choose('Extend');
  await page.getByRole('dialog').getByRole('button', { name: 'Extend' }).press('Enter');
  await said(/Key LN-1 is due/);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('a key goes from one holder to the next once the receiver accepts in his own browser', async () => {
  await choose('Hand over');
  await page
    .getByRole('combobox', { name: 'Receiver' })
    .or(page.getByLabel('Receiver'))
    .first()
    .fill(receiverName);
  await page
    .getByRole('option', { name: new RegExp(receiverName) })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Hand over' }).press('Enter');
  await page.getByRole('region', { name: 'Handover waits' }).waitFor();

  await receiver.page.goto('/keys');
  await receiver.page.getByRole('link', { name: '1 key is offered to you' }).press('Enter');
  await receiver.page.getByRole('button', { name: 'Accept key LN-1' }).press('Enter');
  await receiver.page.getByText('Nobody offers you a key').waitFor();

  await page.getByRole('region', { name: 'Handover waits' }).waitFor({ state: 'detached' });
  await page.locator('dd strong', { hasText: receiverName }).waitFor();
});

test('a movement is corrected, and both entries lead to each other', async () => {
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Issued' })
    .getByRole('button', { name: /key LN-1, entry/ })
    .last()
    .press('Enter');
  await page.getByRole('button', { name: 'Correct this movement' }).press('Enter');
  await page.getByRole('textbox', { name: 'Comment' }).fill('With the spare');
  await page.getByRole('button', { name: 'Record the correction' }).press('Enter');
  await page.getByText('Say why it is corrected.').waitFor();
  await page.getByRole('textbox', { name: 'Reason' }).fill('It was not written down');
  await page.getByRole('textbox', { name: 'Reason' }).press('Enter');
  await page.getByText('This movement was corrected. The last correction counts.').waitFor();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Entry \d+$/ })
    .press('Enter');
  await page.getByText('Corrects', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('a key is lost with its last holder on record, and found', async () => {
  await choose('Report lost');
  await page.getByRole('dialog').getByRole('button', { name: 'Report lost' }).press('Enter');
  await said('Key LN-1 reported lost');
  await page.getByText('Last holder').waitFor();
  await page.locator('dd strong', { hasText: receiverName }).waitFor();
  await choose('Report found');
  await page.getByRole('dialog').getByRole('button', { name: 'Report found' }).press('Enter');
  await said('Key LN-1 reported found');
  await page.getByText('Last holder').waitFor({ state: 'detached' });
});

test('a cabinet is counted by keyboard, and what differs is settled', async () => {
  await page.goto('/keys/inventory');
  await page.getByPlaceholder('As written on the keys').fill('Loans');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Start counting' }).press('Enter');
  await page.getByLabel('Key number').waitFor();
  for (const number of ['LN-1', 'ln-1', 'NOBODY-9']) {
    await page.keyboard.type(number);
    await page.keyboard.press('Enter');
  }
  await page.getByText(/2 keys scanned/).waitFor();
  await page.getByRole('button', { name: 'Finish the count' }).press('Enter');
  await page.getByRole('heading', { name: 'Missing 1' }).waitFor();
  await page.getByRole('heading', { name: 'Unknown number 1' }).waitFor();
  await page.getByRole('button', { name: 'Report lost: key LN-2' }).press('Enter');
  await page.getByText('Reported lost').waitFor();
  await page.getByRole('button', { name: 'Ignore: key NOBODY-9' }).press('Enter');
  await page.getByText(/all settled/).waitFor();
  await page.getByRole('link', { name: 'All counts' }).press('Enter');
  await page.getByText('1 of 2 there').waitFor();
  expect(desk.errors).toEqual([]);
  expect(receiver.errors).toEqual([]);
});
