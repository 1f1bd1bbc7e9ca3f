import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client, makeStock, moveAll, type Stock } from './harness/client';
import { ROOT, Server } from './harness/server';

const password = 'staple battery horse';

let server: Server;
let browser: Browser;
let client: Client;
let stock: Stock;
let admin: Visitor;
let member: Visitor;

beforeAll(async () => {
  server = await Server.start();
  client = await Client.signIn(server.url, ROOT);
  stock = await makeStock(client, 1);
  await client.ask('mutation { createPerson(input: { name: "Marta Liepa" }) { person { id } } }');
  browser = await startBrowser();
  admin = await visit(browser, server.url);
  member = await visit(browser, server.url);
  await signIn(admin.page, ROOT);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** Ticks or unticks a role of Marta's, as the admin. */
async function toggleRole(role: string): Promise<void> {
  const { page } = admin;
  await page.getByRole('button', { name: /Actions for Marta Liepa/ }).click();
  await page.getByRole('menuitem', { name: 'Change roles' }).click();
  const dialog = page.getByRole('dialog', { name: /Roles of Marta/ });
  await dialog.getByRole('checkbox', { name: role }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('a person sets the first password by a link that works once', async () => {
  const { page } = admin;
  await page.goto('/access');
  await page.getByRole('button', { name: 'Create an account' }).click();
  const form = page.getByRole('dialog', { name: 'Create an account' });
  await form.getByRole('combobox', { name: 'Person' }).or(form.getByLabel('Person')).first().fill('Marta');
  await page.getByRole('option', { name: /Marta Liepa/ }).click();
  await form.getByLabel('User name').fill('marta');
  await form.getByRole('checkbox', { name: 'Member' }).click();
  await form.getByRole('button', { name: 'Create an account' }).click();
  const link = await page.getByRole('textbox', { name: 'One-time link' }).inputValue();
  expect(link).toMatch(new RegExp(`^${server.url}/set-password#[A-Z2-7]{40,}$`));
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

  const asked: string[] = [];
  member.page.on('request', (request) => asked.push(request.url()));
  await member.page.goto(link);
  await member.page.locator('input[type="password"]').first().fill('password123');
  await member.page.locator('input[type="password"]').last().fill('password123');
  await member.page.keyboard.press('Enter');
  await member.page.getByText(/very common/).waitFor();
  await member.page.locator('input[type="password"]').first().fill(password);
  await member.page.locator('input[type="password"]').last().fill(password);
  await member.page.keyboard.press('Enter');
  await member.page.getByText(/Your user name is marta/).waitFor();
  expect(member.page.url()).toBe(`${server.url}/set-password`);
  await member.page.getByRole('button', { name: 'To the sign-in' }).click();
  await signIn(member.page, { username: 'marta', password });
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.filter((url) => url.includes(link.split('#')[1] ?? '-'))).toEqual([]); // no server's log gets it

  const late = await visit(browser, server.url);
  await late.page.goto(link);
  await late.page.locator('input[type="password"]').first().fill(password);
  await late.page.locator('input[type="password"]').last().fill(password);
  await late.page.keyboard.press('Enter');
  await late.page.getByText(/This link does not work/).waitFor();
  await late.context.close();
});

test('a role that is given and taken shows in another open browser without a reload', async () => {
  await member.page.goto('/');
  await member.page.getByText('Live', { exact: true }).first().waitFor();
  await moveAll(client, stock, 0);
  await moveAll(client, stock, 1);
  await admin.page.goto('/access');
  expect(await member.page.locator('[data-today][aria-label*="1 issued"]').count()).toBe(0);

  await toggleRole('Custodian');
  await moveAll(client, stock, 2);
  await member.page.locator('[data-today][aria-label*="2 issued"]').waitFor();

  await toggleRole('Custodian');
  await toggleRole('Member');
  const pages = member.page.getByRole('navigation');
  await pages.getByRole('link', { name: 'Keys' }).waitFor({ state: 'detached' });
  expect([...admin.errors, ...member.errors]).toEqual([]);
});

test('one ends a session elsewhere, and signs out everywhere', async () => {
  await toggleRole('Member');
  const elsewhere = await visit(browser, server.url);
  await signIn(elsewhere.page, { username: 'marta', password });
  await member.page.goto('/account');
  await member.page
    .getByRole('button', { name: /End the session/ })
    .first()
    .click();
  await elsewhere.page.getByLabel('User name').waitFor();
  await member.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await member.page.getByLabel('User name').waitFor();
  await elsewhere.context.close();
});

test('an admin disables an account, and its browser is out', async () => {
  await signIn(member.page, { username: 'marta', password });
  await admin.page.getByRole('button', { name: /Actions for Marta Liepa/ }).click();
  await admin.page.getByRole('menuitem', { name: 'Disable the account' }).click();
  const dialog = admin.page.getByRole('dialog', { name: 'Disable the account' });
  await dialog.getByText(/signed out everywhere/).waitFor();
  await dialog.getByRole('button', { name: 'Disable the account' }).click();
  await admin.page
    .getByRole('row', { name: /Marta Liepa/ })
    .getByText('Disabled')
    .waitFor();
  await member.page.getByLabel('User name').waitFor();
});
