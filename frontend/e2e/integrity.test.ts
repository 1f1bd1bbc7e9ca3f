import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client, makeStock, moveAll, type Stock } from './harness/client';
import { ROOT, Server } from './harness/server';

const script = resolve(import.meta.dirname, '../src/features/integrity/verify-proof.sh');
const run = promisify(execFile);

let server: Server;
let browser: Browser;
let client: Client;
let stock: Stock;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), startBrowser()]);
  client = await Client.signIn(server.url, ROOT);
  stock = await makeStock(client, 60);
  for (let step = 0; step < 18; step++) await moveAll(client, stock, step);
  visitor = await visit(browser, server.url);
  page = visitor.page;
  await signIn(page, ROOT);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const verified = () => page.getByText('Verified in this browser').waitFor();
const step = (name: string) => page.getByRole('listitem').filter({ hasText: name }).first();

/** Changes one answer of the server on its way to the browser, as whoever sits in between could. */
async function tamper<T>(operation: string, change: (data: T) => void): Promise<void> {
  await page.route('**/graphql', async (route: Route) => {
    const asked = route.request().postDataJSON() as { operationName?: string };
    if (asked.operationName !== operation) return route.fallback();
    const answer = await route.fetch();
    const json = (await answer.json()) as { data: T };
    change(json.data);
    await route.fulfill({ response: answer, json });
  });
}

test('an old entry of a long ledger is verified by its number', async () => {
  await page.goto('/integrity');
  await page.getByText('The first checkpoint that this browser keeps').waitFor();
  const { checkpoint } = await client.ask<{ checkpoint: { size: string } }>('{ checkpoint { size } }');
  expect(Number(checkpoint.size)).toBeGreaterThan(1_000);
  for (const seq of ['70', '0', '700']) {
    await page.getByLabel('Entry number').fill(seq);
    const verify = page.getByRole('button', { name: 'Verify', exact: true });
    await verify.click();
    await page.waitForURL(`**/integrity?seq=${seq}`);
    await verified();
    await page.getByText(/characters, as they are hashed/).waitFor();
    expect(await verify.evaluate((button) => button === document.activeElement)).toBe(true);
  }
});

test('the page looks at no entry before somebody asks, so that a visit records no look', async () => {
  const asked: string[] = [];
  await page.route('**/graphql', async (route: Route) => {
    asked.push((route.request().postDataJSON() as { operationName: string }).operationName);
    await route.fallback();
  });
  await page.goto('/integrity');
  await page.getByText(/(Continues the|The same) checkpoint (of|as) last time/).waitFor();
  const number = page.getByLabel('Entry number');
  const before = await number.inputValue();
  await number.fill('12');
  await moveAll(client, stock, 18);
  await page.getByRole('button', { name: 'Newest checkpoint' }).click();
  await page.getByText('Continues the checkpoint of last time').waitFor();
  const last = BigInt(before) + BigInt(stock.keys.length);
  await page.getByText(new RegExp(`^0 to (${last}|${last + 1n}|${last + 2n})$`)).waitFor();
  expect(await number.inputValue()).toBe('12');
  expect(asked).not.toContain('EntryBody');
  expect(asked).not.toContain('Inclusion');
  await page.unrouteAll();
});

test('who looked is listed on demand, by action, down to the proof of each look', async () => {
  await page.goto('/sign-ins');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.goto('/integrity');
  await page.getByRole('button', { name: 'Show the list' }).click();
  await page.waitForURL('**/integrity?log=all');
  const list = page.getByRole('list', { name: 'Who looked, and what keytrail did' });
  const rows = list.getByRole('listitem');
  await rows.filter({ hasText: 'Sign-ins' }).first().waitFor();
  await rows.filter({ hasText: 'keytrail started' }).first().waitFor();
  await page.goto('/integrity?log=log.viewed');
  await rows.filter({ hasText: 'Sign-ins' }).first().waitFor();
  expect(await rows.filter({ hasText: 'keytrail started' }).count()).toBe(0);
  await rows
    .filter({ hasText: 'Sign-ins' })
    .first()
    .getByRole('button', { name: /Details and proof/ })
    .click();
  const drawer = page.getByRole('dialog');
  await drawer.getByText('Everything').first().waitFor();
  await drawer.getByRole('link', { name: 'Verify in this browser' }).click();
  await verified();
  await page.getByText(/What the bytes of entry \d+ say/).waitFor();
});

test('one changed byte shows the step that fails', async () => {
  await tamper<{ entry: { body: string } }>('EntryBody', ({ entry }) => {
    entry.body = entry.body.replace('key.', 'kez.');
  });
  await page.goto('/integrity?seq=400');
  await page.getByText('The entry does not fit').waitFor();
  await step('The entry').getByLabel('does not fit').waitFor();
  await step('The root').getByLabel('does not fit').waitFor();
  await step('The signature of the note').getByLabel('fits', { exact: true }).waitFor();
  await page.unrouteAll();
  await page.goto('/integrity?seq=400');
  await verified();
});

test('an entry whose bytes are withheld is not called verified', async () => {
  await tamper<{ entry: unknown }>('EntryBody', (data) => {
    data.entry = null;
  });
  await page.goto('/integrity?seq=400');
  await page.getByText('The hash is in the ledger; the bytes were not checked').waitFor();
  expect(await page.getByText('Verified in this browser').count()).toBe(0);
  expect(await step('The entry').getByLabel('fits', { exact: true }).count()).toBe(0);
  await step('The root').getByLabel('fits', { exact: true }).waitFor();
  await page.unrouteAll();
});

test('the browser remembers a checkpoint and demands that the next one continues it', async () => {
  let old: unknown;
  await tamper<{ integrity: { checkpoint: unknown } }>('Integrity', (data) => {
    old = data.integrity.checkpoint;
  });
  await page.goto('/integrity');
  await page.getByText(/(Continues the|The same) checkpoint (of|as) last time/).waitFor();
  await page.unrouteAll();

  await moveAll(client, stock, 19);
  await tamper<{ consistencyProof: { hashes: string[] } }>('Consistency', (data) => {
    data.consistencyProof.hashes.reverse();
  });
  await page.goto('/integrity?seq=400');
  await page.getByText('The ledger tells another history than last time').waitFor();
  await page.getByText('The entry fits, the history does not').waitFor();
  expect(await page.getByText('Verified in this browser').count()).toBe(0);
  await page.unrouteAll();

  await page.route('**/graphql', async (route: Route) => {
    const { operationName } = route.request().postDataJSON() as { operationName: string };
    if (operationName !== 'Consistency') return route.fallback();
    const errors = [{ message: 'no such tree', extensions: { code: 'INTERNAL' } }];
    await route.fulfill({ json: { data: null, errors } });
  });
  await page.goto('/integrity?seq=400');
  await page.getByText('The server refuses to prove that it continues last time').waitFor();
  await page.getByText('The entry fits, the history does not').waitFor();
  await page.getByRole('button', { name: 'Download both checkpoints' }).waitFor();
  await page.unrouteAll();

  await page.route('**/graphql', async (route: Route) => {
    const { operationName } = route.request().postDataJSON() as { operationName: string };
    return operationName === 'Consistency' ? route.abort() : route.fallback();
  });
  await page.goto('/integrity?seq=400');
  await page.getByText('The entry fits; not compared with last time').waitFor();
  await page.unrouteAll();
  await page.goto('/integrity');
  await page.getByText('Continues the checkpoint of last time').waitFor();

  await tamper<{ integrity: { checkpoint: unknown } }>('Integrity', (data) => {
    data.integrity.checkpoint = old;
  });
  await page.goto('/integrity');
  await page.getByText('The ledger has become shorter').waitFor();
  await page.unrouteAll();
});

test('a downloaded proof is verified with standard tools, and a changed one is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keytrail-proof-'));
  try {
    await page.goto('/integrity?seq=123');
    await verified();
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the proof' }).click();
    const file = join(folder, 'proof.json');
    await (await waiting).saveAs(file);
    const { stdout } = await run('bash', [script, file]);
    expect(stdout).toContain('Signature Verified Successfully');

    const bundle = await readFile(file, 'utf8');
    await writeFile(file, bundle.replace('key.', 'kez.'));
    await expect(run('bash', [script, file])).rejects.toMatchObject({
      stdout: expect.stringContaining('WRONG'),
    });
    await writeFile(file, bundle);
    const { checkpoint } = JSON.parse(bundle) as { checkpoint: { verifierKey: string } };
    const other = checkpoint.verifierKey.replace(
      /(.)(.{5})$/,
      (_, one, rest) => (one === 'A' ? 'B' : 'A') + rest,
    );
    await expect(run('bash', [script, file, other])).rejects.toThrow();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  expect(visitor.errors).toEqual([]);
});
