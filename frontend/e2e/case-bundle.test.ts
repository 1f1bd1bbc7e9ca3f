import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client, makeStock, moveAll } from './harness/client';
import { ROOT, Server } from './harness/server';

const run = promisify(execFile);

let server: Server;
let browser: Browser;
let visitor: Visitor;
let page: Page;
let folder: string;
let key: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), startBrowser()]);
  const client = await Client.signIn(server.url, ROOT);
  const stock = await makeStock(client, 12);
  for (let step = 0; step < 4; step++) await moveAll(client, stock, step);
  key = (await (await fetch(`${server.url}/tlog/vkey`)).text()).trim();
  folder = await mkdtemp(join(tmpdir(), 'keytrail-case-'));
  visitor = await visit(browser, server.url);
  page = visitor.page;
  await signIn(page, ROOT);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const dialog = () => page.getByRole('dialog', { name: 'Case bundle' });

/** Opens the dialog, which takes the focus. */
async function open(): Promise<void> {
  await page.getByRole('button', { name: 'Case bundle', exact: true }).click();
  await dialog().waitFor();
  await expect
    .poll(() => dialog().evaluate((element) => element.contains(document.activeElement)))
    .toBe(true);
}

/** Downloads the bundle under a name, and unpacks it as whoever gets it does. */
async function download(name: string): Promise<string> {
  const waiting = page.waitForEvent('download');
  await dialog().getByRole('button', { name: 'Download the bundle' }).click();
  const file = join(folder, `${name}.zip`);
  await (await waiting).saveAs(file);
  await run('unzip', ['-q', file, '-d', join(folder, name)]);
  return join(folder, name);
}

test('what the timeline shows is taken out, and verified with nothing but the bundle and the key', async () => {
  await page.goto('/timeline?action=key.issued');
  await open();
  const unpacked = await download('filter');
  await dialog().waitFor({ state: 'detached' });
  const { stdout } = await run('bash', [join(unpacked, 'verify.sh'), key]);
  expect(stdout).toMatch(/^Verified: 24 entries \(0 of them pruned\) are in the log /);

  const entries = join(unpacked, 'entries.ndjson');
  const lines = (await readFile(entries, 'utf8')).split('\n');
  await writeFile(entries, lines.with(1, lines[1]?.replace('"body":"ey', '"body":"ez') ?? '').join('\n'));
  await expect(run('bash', [join(unpacked, 'verify.sh'), key])).rejects.toMatchObject({
    stdout: expect.stringContaining('WRONG: an entry does not have the hash of its leaf'),
  });
});

test('entries are named by number on the page that tells whether the ledger can be trusted', async () => {
  await page.goto('/integrity');
  await open();
  await dialog().getByRole('button', { name: 'Download the bundle' }).click();
  await dialog().getByText('Give the numbers of entries').waitFor();
  await dialog().getByLabel('Numbers of the entries').fill('3, 5, 999999');
  await dialog().getByRole('button', { name: 'Download the bundle' }).click();
  await dialog().getByRole('alert').waitFor();
  await dialog().getByLabel('Numbers of the entries').fill('3, 5');
  const { stdout } = await run('bash', [join(await download('named'), 'verify.sh'), key]);
  expect(stdout).toContain('Verified: 2 entries');
});

test('a filter that finds nothing says so instead of giving an empty file', async () => {
  await page.goto('/timeline?action=never.happened');
  await open();
  await dialog().getByRole('button', { name: 'Download the bundle' }).click();
  await dialog().getByRole('alert').getByText('there is nothing to prove').waitFor();
  expect(visitor.errors).toEqual([]);
});
