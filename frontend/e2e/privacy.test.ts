import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './harness/axe';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client } from './harness/client';
import { Server } from './harness/server';

const admin = { username: 'admin', password: 'keytrail-sample' };
const second = { username: 'second', password: 'a second admin of the sample' };

let server: Server;
let browser: Browser;
let client: Client;
let asks: Visitor;
let decides: Visitor;

beforeAll(async () => {
  server = await Server.start({ KEYTRAIL_SAMPLE: '1' });
  client = await Client.signIn(server.url, admin);
  for (const name of ['Zelma Aizgājusi', 'Otrais Administrators'])
    await client.ask('mutation($name: String!) { createPerson(input: { name: $name }) { person { id } } }', {
      name,
    });
  const { createAccount } = await client.ask<{ createAccount: { setupLink: string } }>(
    'mutation($input: CreateAccountInput!) { createAccount(input: $input) { setupLink } }',
    {
      input: {
        person: await personNamed('Otrais Administrators'),
        username: second.username,
        roles: ['admin'],
      },
    },
  );
  await client.ask('mutation($input: SetPasswordInput!) { setPassword(input: $input) { username } }', {
    input: { link: createAccount.setupLink.split('#')[1], password: second.password },
  });
  browser = await startBrowser();
  asks = await visit(browser, server.url);
  decides = await visit(browser, server.url);
  await signIn(asks.page, admin);
  await signIn(decides.page, second);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

async function personNamed(name: string): Promise<string> {
  const { people } = await client.ask<{ people: { edges: { node: { id: string } }[] } }>(
    'query($search: String) { people(search: $search) { edges { node { id } } } }',
    { search: name },
  );
  return people.edges[0]?.node.id ?? '';
}

test('one admin asks, only another may decide, and the person is gone from every list', async () => {
  const { page } = asks;
  await page.goto('/people?q=Zelma');
  await page.getByRole('button', { name: /Zelma Aizgājusi$/ }).click();
  await page.getByRole('menuitem', { name: 'Erase…' }).click();
  const form = page.getByRole('dialog', { name: 'Erase a person' });
  await form.getByRole('button', { name: 'Ask for it' }).click();
  await form.getByText('Say why this person is to be erased.').waitFor();
  await form.getByLabel('Reason').fill('She left and asked for it');
  expect(await violationsOf(page)).toEqual([]);
  await form.getByRole('button', { name: 'Ask for it' }).click();
  await form.waitFor({ state: 'detached' });
  const own = page.getByRole('listitem').filter({ hasText: 'Zelma Aizgājusi' });
  await own.getByText('Somebody else has to decide').waitFor();
  expect(await own.getByRole('button').count()).toBe(0);

  const other = decides.page;
  await other.goto('/privacy');
  await other.getByText('She left and asked for it').waitFor();
  await other.getByRole('button', { name: 'Erase Zelma Aizgājusi for good' }).focus();
  await other.keyboard.press('Enter');
  const last = other.getByRole('dialog', { name: 'Erase Zelma Aizgājusi for good' });
  expect(await violationsOf(other)).toEqual([]);
  await last.getByRole('button', { name: 'Erase for good' }).click();
  await last.waitFor({ state: 'detached' });
  await other.getByText('No request waits').waitFor();
  await other.getByText('Decided', { exact: true }).click();
  await other.getByText('An erased person').waitFor();
  const certificate = other.getByRole('link', { name: 'Certificate' });
  const printed = await other.request.get((await certificate.getAttribute('href')) ?? '');
  expect(printed.status()).toBe(200);
  expect((await printed.body()).subarray(0, 5).toString()).toBe('%PDF-');
  await page.goto('/people?q=Zelma');
  await page.getByText('Nobody fits').waitFor();
  expect([...asks.errors, ...decides.errors]).toEqual([]);
});

test('whoever holds a key is not erased, and the page says what is in the way', async () => {
  const { loans } = await client.ask<{ loans: { edges: { node: { holder: { id: string } } }[] } }>(
    '{ loans(filter: { open: true }, first: 1) { edges { node { holder { id } } } } }',
  );
  const { page } = asks;
  await page.goto(`/privacy?erase=${loans.edges[0]?.node.holder.id}`);
  const form = page.getByRole('dialog', { name: 'Erase a person' });
  await form.getByLabel('Reason').fill('He left');
  await form.getByRole('button', { name: 'Ask for it' }).click();
  await form.getByText(/first take back the keys that he holds/).waitFor();
});

test('everybody sees what is kept about him, takes it along, and gives and withdraws a consent', async () => {
  const { page } = decides;
  await page.goto('/');
  await page.getByRole('button', { name: /^Your menu/ }).click();
  await page.getByRole('menuitem', { name: 'My data' }).click();
  await page.getByRole('heading', { name: 'What is kept about me' }).waitFor();
  await page.getByRole('cell', { name: 'Directory' }).waitFor();
  const everything = page.getByRole('link', { name: 'Download everything (ZIP)' });
  const zip = await page.request.get((await everything.getAttribute('href')) ?? '');
  expect(zip.status()).toBe(200);
  expect((await zip.body()).subarray(0, 2).toString()).toBe('PK');
  await page.getByRole('button', { name: 'I agree: Contact details' }).click();
  await page.getByText('Agreed: Contact details (version 1)').waitFor();
  await page.getByRole('button', { name: 'Withdraw: Contact details' }).click();
  await page.getByText('Withdrawn: Contact details (version 1)').waitFor();
  await page.getByText('Agreed: Contact details (version 1)').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  expect(decides.errors).toEqual([]);
});
