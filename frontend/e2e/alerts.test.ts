import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, visit } from './harness/browser';
import { Client } from './harness/client';
import { Server } from './harness/server';

const admin = { username: 'admin', password: 'keytrail-sample' };

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

/** Tries a wrong password until the account is locked out. */
async function lockOut(username: string): Promise<void> {
  for (let n = 0; n < 5; n++) {
    await Client.signIn(server.url, { username, password: 'not the password' }).catch(() => undefined);
  }
}

test('an account that is locked out shows up at once, and is resolved with a note', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.getByRole('link', { name: /^Alerts/ }).click();
  await page.getByRole('link', { name: /\d+ open alerts?$/ }).waitFor(); // overdue keys of the sample among them

  await lockOut('auditor');
  const row = page.getByRole('listitem').filter({ hasText: 'Account locked out after failed sign-ins' });
  await row.waitFor();

  await row.getByRole('button', { name: /^Details/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Alert' });
  await drawer.getByText('Rests on 1 entry').waitFor();
  expect(new URL(page.url()).searchParams.get('alert')).toMatch(/^[0-9a-f-]{36}$/);
  await drawer.getByRole('button', { name: /^Details and proof/ }).click();
  const entry = page.getByRole('dialog', { name: /^Entry \d+/ });
  await entry.getByText('Proof').first().waitFor();
  await page.keyboard.press('Escape');
  await entry.waitFor({ state: 'hidden' });

  await drawer.getByRole('button', { name: 'Acknowledge' }).click();
  await drawer.getByText('Handled by').waitFor();
  await drawer.getByRole('button', { name: 'Resolve' }).click();
  await drawer.getByText('Write a note to resolve the alert.').waitFor();
  await drawer.getByLabel('Note').fill('He forgot his password.');
  await drawer.getByRole('button', { name: 'Resolve' }).click();
  await drawer.getByText('He forgot his password.').waitFor();
  await drawer.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await row.waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.getAll('states')).toEqual(['OPEN']);
  await page.getByRole('button', { name: 'Resolved', exact: true }).click();
  await row.waitFor();
  expect(new URL(page.url()).searchParams.getAll('states')).toEqual(['OPEN', 'RESOLVED']);
  expect(errors).toEqual([]);
  await context.close();
});

test('an overdue key shows its number, its holder and the entry of its issue', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, { ...admin, username: 'custodian' });
  await page.getByRole('link', { name: /^Alerts/ }).click();
  const row = page.getByRole('listitem').filter({ hasText: 'A key is overdue' }).first();
  await row.getByText(/^key \S+ · \S/).waitFor();
  await row.getByRole('button', { name: /^Details/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Alert' });
  await drawer.getByText('Rests on 1 entry').waitFor();
  await drawer.getByRole('button', { name: /^Details and proof/ }).click();
  await page
    .getByRole('dialog', { name: /^Entry \d+/ })
    .getByText('Proof')
    .first()
    .waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test('who may not see alerts is not offered them', async () => {
  const { page, context } = await visit(browser, server.url);
  await signIn(page, { ...admin, username: 'member' });
  expect(await page.getByRole('link', { name: /^Alerts/ }).count()).toBe(0);
  await page.goto('/alerts');
  await page.getByRole('alert', { name: 'You may not do this' }).waitFor();
  expect(await page.locator('main').getByRole('textbox').count()).toBe(0);
  await context.close();
});
