import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client } from './harness/client';
import { examine, pictures } from './harness/examine';
import { Server } from './harness/server';

const admin = { username: 'admin', password: 'keytrail-sample' };

let server: Server;
let browser: Browser;
let visitor: Visitor;
let page: Page;
let client: Client;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  server = await Server.start({
    KEYTRAIL_SAMPLE: '1',
    KEYTRAIL_RETENTION: 'off',
    KEYTRAIL_RETENTION_GRACE: '0',
  });
  client = await Client.signIn(server.url, admin);
  browser = await startBrowser();
  visitor = await visit(browser, server.url, {
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  page = visitor.page;
  await signIn(page, admin);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const section = (title: string) => page.getByRole('region', { name: title, exact: true });

test('an entry that the log no longer has is found in an archive', async () => {
  await client.ask(
    'mutation { setRetentionPolicy(input: {stream: AUTH, keepDays: 60}) { policies { keepDays } } }',
  );
  await client.ask('mutation { runRetention { run { id } } }');
  await expect
    .poll(
      async () =>
        JSON.stringify(await client.ask('{ retentionRuns(first: 1) { edges { node { state } } } }')),
      {
        timeout: 60_000,
      },
    )
    .toContain('DONE');
  await page.goto('/keeping');
  const search = section('Search archives');
  await search.getByLabel('Action').fill('auth.signed_in');
  await search.getByRole('button', { name: 'Search', exact: true }).click();
  const first = search.getByRole('list', { name: 'Entries found in archives' }).getByRole('listitem').first();
  await first.waitFor();
  const numbered = (await first.locator('summary').textContent()) ?? '';
  const { entry } = await client.ask<{ entry: unknown }>('query($seq: Int64!) { entry(seq: $seq) { id } }', {
    seq: numbered.replace(/\D/g, ''),
  });
  expect(entry).toBeNull();
  await first.locator('summary').click();
  await first.getByText('"auth.signed_in"').waitFor();
  expect(await examine(visitor, 'archive-search-1440-light-en')).toEqual([]);
  await search.getByLabel('Action').fill('no.such.action');
  await search.getByRole('button', { name: 'Search', exact: true }).click();
  await search.getByText('Nothing was found', { exact: true }).waitFor();
}, 120_000);

test('archives are listed by what they hold, and the choice stands in the address', async () => {
  await page.goto('/keeping?stream=KEY');
  await section('Archives').getByText('No archive is like that').waitFor();
  await page.goto('/keeping?stream=AUTH&state=INTACT');
  await section('Archives').getByRole('listitem').first().waitFor();
  expect(visitor.errors).toEqual([]);
}, 60_000);

test('the search fits in Latvian, narrow and dark', async () => {
  const other = await visit(browser, server.url, {
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
    locale: 'lv-LV',
    reducedMotion: 'reduce',
  });
  await signIn(other.page, admin);
  await other.page.goto('/keeping');
  const search = other.page.getByRole('region', { name: 'Meklēt arhīvos', exact: true });
  await search.getByRole('button', { name: 'Meklēt', exact: true }).click();
  await search.getByRole('listitem').first().waitFor();
  expect(await examine(other, 'archive-search-360-dark-lv')).toEqual([]);
  await other.context.close();
}, 60_000);
