import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client } from './harness/client';
import { examine, pictures } from './harness/examine';
import { Server } from './harness/server';

const admin = { username: 'admin', password: 'keytrail-sample' };
const keptDays = 60;

let server: Server;
let browser: Browser;
let client: Client;
let visitor: Visitor;
let page: Page;
let admins: { id: string; name: string };
let name: string;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  // The sample's year was recorded just now, and nothing is to go before the walk says so.
  server = await Server.start({
    KEYTRAIL_SAMPLE: '1',
    KEYTRAIL_RETENTION: 'off',
    KEYTRAIL_RETENTION_GRACE: '0',
  });
  client = await Client.signIn(server.url, admin);
  const { viewer } = await client.ask<{ viewer: { person: typeof admins } }>(
    '{ viewer { person { id name } } }',
  );
  admins = viewer.person;
  name = admins.name;
  browser = await startBrowser();
  visitor = await visit(browser, server.url, {
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  page = visitor.page;
  await signIn(page, admin);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const section = (title: string) => page.getByRole('region', { name: title });
const preview = () => section('What would go now');
const signIns = () => preview().getByRole('listitem').filter({ hasText: 'Sign-ins' });

/** A number as the app shows it. */
const grouped = (number: number) => new Intl.NumberFormat('en-GB').format(number);

/** Looks again until the page shows what the server says would go, and gives how much that is and how much is held. */
async function lookAgain(): Promise<{ entries: number; held: number }> {
  const { retentionPreview } = await client.ask<{ retentionPreview: { entries: string; held: string } }>(
    '{ retentionPreview { entries held } }',
  );
  const [entries, held] = [Number(retentionPreview.entries), Number(retentionPreview.held)];
  await preview().getByRole('button', { name: 'Look again' }).click();
  await signIns()
    .getByText(new RegExp(`^${grouped(entries)} (entry|entries)$`))
    .waitFor();
  return { entries, held };
}

/** How many sign-ins are older than they are kept, at most 500: of everybody, or of those that name a person. */
async function oldSignIns(person?: string): Promise<number> {
  const to = new Date(Date.now() - keptDays * 24 * 3600 * 1000).toISOString();
  const { authLog } = await client.ask<{ authLog: { edges: unknown[] } }>(
    'query($filter: LogFilter!) { authLog(first: 500, filter: $filter) { edges { cursor } } }',
    { filter: { to, ...(person && { person }) } },
  );
  return authLog.edges.length;
}

test('a shorter time is set, and the preview says what would go', async () => {
  await page.goto('/keeping');
  const policies = section('How long entries are kept');
  await policies.getByRole('button', { name: 'Change: Sign-ins' }).click();
  const form = page.getByRole('dialog', { name: 'Change a rule' });
  await form.getByLabel('Days').fill(String(keptDays));
  expect(await examine(visitor, 'keeping-rule-1440-light-en')).toEqual([]);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  await policies.getByText(`Kept for ${keptDays} days`).waitFor();
  expect((await lookAgain()).entries).toBeGreaterThan(0);
  expect(await oldSignIns()).toBeGreaterThan(await oldSignIns(admins.id));
});

test('whoever is put under hold keeps his entries out of what would go', async () => {
  const before = await lookAgain();
  expect(before.held).toBe(0);
  await section('Legal holds').getByRole('button', { name: 'Put somebody under hold' }).click();
  const form = page.getByRole('dialog', { name: 'Put somebody under hold' });
  await form.getByLabel('Person').first().fill(name);
  await page.getByRole('option', { name }).first().click();
  await form.getByRole('button', { name: 'Put under hold' }).click();
  await form.getByText('Say what the hold is for.').waitFor();
  await form.getByLabel('Reason').fill('Case 12');
  expect(await examine(visitor, 'keeping-hold-1440-light-en')).toEqual([]);
  await form.getByRole('button', { name: 'Put under hold' }).click();
  await form.waitFor({ state: 'detached' });
  await section('Legal holds').getByText('Case 12').waitFor();
  const { entries, held } = await lookAgain();
  await preview()
    .getByText(/more entr(y stays|ies stay) because of (a legal hold|legal holds)/)
    .waitFor();
  expect(held).toBeGreaterThan(0);
  expect(entries).toBeLessThan(before.entries);
});

test('a run archives and deletes exactly that, and the archive is read again', async () => {
  const { entries } = await lookAgain();
  await preview().getByRole('button', { name: 'Archive and delete now' }).click();
  const ask = page.getByRole('dialog', { name: /^Delete [\d,]+ entries\?$/ });
  await page.waitForFunction(() => document.activeElement?.textContent === 'Cancel');
  expect(await examine(visitor, 'keeping-run-1440-light-en')).toEqual([]);
  await page.keyboard.press('Escape'); // nothing happens without a yes
  await ask.waitFor({ state: 'detached' });
  await section('Last runs').getByText('Nothing was deleted so far.').waitFor();
  await preview().getByRole('button', { name: 'Archive and delete now' }).click();
  await ask.getByRole('button', { name: 'Archive and delete' }).click();
  await ask.waitFor({ state: 'detached' });

  const run = section('Last runs').getByRole('listitem').first();
  await run.getByText('Done').waitFor({ timeout: 60_000 });
  await run.getByText(`asked for by ${name}`).waitFor();
  await run.getByText(new RegExp(`^${grouped(entries)} entries, \\d+ archives?$`)).waitFor();
  await preview().getByText('Nothing has been kept for longer than it should be.').waitFor();
  // A failed sign-in has nobody who acted, but names whose account it was.
  expect(await oldSignIns(admins.id)).toBeGreaterThan(0);
  expect(await oldSignIns()).toBe(await oldSignIns(admins.id));

  const archive = section('Archives').getByRole('listitem').first();
  await archive.getByText('Intact').waitFor();
  await archive.getByRole('button', { name: /^Verify the archive from / }).click();
  await archive.getByText('read as a whole').waitFor();
  expect(await examine(visitor, 'keeping-done-1440-light-en')).toEqual([]);
}, 120_000);

test('once the hold is released, what it kept would go', async () => {
  await section('Legal holds')
    .getByRole('button', { name: `Release the hold on ${name}` })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Release', exact: true }).click();
  await section('Legal holds')
    .getByText(/released/)
    .waitFor();
  expect((await lookAgain()).entries).toBeGreaterThan(0);
  expect(
    await preview()
      .getByText(/because of/)
      .count(),
  ).toBe(0);
  expect(visitor.errors).toEqual([]);
});

test('after all that the page is accessible and fits in Latvian, narrow and dark', async () => {
  const other = await visit(browser, server.url, {
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
    locale: 'lv-LV',
    reducedMotion: 'reduce',
  });
  await signIn(other.page, admin);
  await other.page.goto('/keeping');
  await other.page.getByText('Case 12').waitFor();
  expect(await examine(other, 'keeping-done-360-dark-lv')).toEqual([]);
  expect(other.errors).toEqual([]);
  await other.context.close();
});
