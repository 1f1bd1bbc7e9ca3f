import { mkdir } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { examineBothWays, pictures } from './harness/examine';
import { ROOT, Server } from './harness/server';

let server: Server;
let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start({ KEYTRAIL_DOCUMENTS: 'known' }), startBrowser()]);
  await mkdir(pictures, { recursive: true });
  visitor = await visit(browser, server.url, {
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(visitor.page, ROOT);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** Asks the server as a program with a token does. */
async function callWith(token: string, query: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return { status: answer.status, text: await answer.text() };
}

test('a token is shown once, works, shows its last use, and is refused once it is revoked', async () => {
  const { page } = visitor;
  await page.goto('/tokens');
  await page.getByText('There is no token yet').waitFor();
  await page.getByRole('button', { name: 'Make a token' }).click();
  await page.getByLabel('Name').fill('Cash desk');
  await page.getByLabel('Source').fill('till');
  await page.getByLabel('Only from').fill('127.0.0.0/8\nten');
  await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click();
  await page.getByText('"ten" is no network').waitFor();
  await page.getByLabel('Only from').fill('127.0.0.0/8\n::1');
  expect(await examineBothWays(visitor, 'token-form')).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click();
  await page.getByText('cannot be shown again').waitFor();
  expect(await examineBothWays(visitor, 'token-made')).toEqual([]);
  await page.getByRole('button', { name: 'Copy the token' }).click();
  await page.getByText('Copied').first().waitFor();
  const token = await page.evaluate(() => navigator.clipboard.readText());
  expect(token).toMatch(/^ktr_[0-9A-Za-z]{49}$/);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('row', { name: /Cash desk.*never/ }).waitFor();
  expect(await page.content()).not.toContain(token);

  const recorded = await callWith(
    token,
    'mutation { recordAuth(events: [{eventId: "1", action: "signed_in", outcome: SUCCESS, username: "anna"}]) { recorded } }',
  );
  expect(recorded.text).toBe('{"data":{"recordAuth":{"recorded":1}}}');
  const sent = await callWith(
    token,
    'mutation { recordActivity(partial: true, events: [{eventId: "2", action: "till.opened"}, {eventId: "3", action: "no word"}]) { recorded } }',
  );
  expect(sent.text).toBe('{"data":{"recordActivity":{"recorded":1}}}');
  await page.goto('/sign-ins');
  await page.getByText('app_auth.signed_in').waitFor();
  await page.goto('/tokens');
  const row = page.getByRole('row', { name: /Cash desk/ });
  await row.getByText('127.0.0.1').waitFor();
  await expect
    .poll(
      async () => {
        await page.goto('/tokens');
        await row.getByText('127.0.0.1').waitFor();
        return row.getByText('1 refused').count();
      },
      { timeout: 20_000 },
    )
    .toBe(1);
  await row.getByText('1 activity event in 30 days').waitFor();
  expect(await examineBothWays(visitor, 'tokens')).toEqual([]);

  await row.getByRole('button', { name: 'What till declares' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Purpose').fill('To settle complaints about the till.');
  await form.getByLabel('Fields in plain').fill('/drawer\nstatus');
  await form.getByText('Line 2 cannot be read').waitFor();
  await form.getByLabel('Fields in plain').fill('/drawer\ntill /status');
  await form.getByLabel('Words for its actions').fill('till.opened: opened the till | atvēra kasi');
  expect(await examineBothWays(visitor, 'token-declares')).toEqual([]);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  const declared = await callWith(
    token,
    'mutation { recordActivity(events: [{eventId: "4", action: "till.opened", entityType: "till", entity: "1", before: {status: "shut"}, after: {status: "ajar"}}]) { recorded } }',
  );
  expect(declared.text).toBe('{"data":{"recordActivity":{"recorded":1}}}');
  await row.getByRole('link', { name: /activity events? in 30 days/ }).click();
  await page.getByText('opened the till').first().waitFor();
  await page.goto('/tokens');

  await row.getByRole('button', { name: 'Revoke Cash desk' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await row.getByText('Revoked').waitFor();
  expect((await callWith(token, '{ server { version } }')).status).toBe(401);
  expect(visitor.errors).toEqual([]);
}, 300_000);
