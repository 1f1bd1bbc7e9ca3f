import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client } from './harness/client';
import { Gate } from './harness/gate';
import { ROOT, Server } from './harness/server';

const pictures = process.env.KEYTRAIL_PICTURES ?? resolve(import.meta.dirname, '../test-results/desk');

let server: Server;
let gate: Gate;
let browser: Browser;
let visitor: Visitor;
let page: Page;
let client: Client;

beforeAll(async () => {
  server = await Server.start();
  gate = await Gate.start(server.port);
  client = await Client.signIn(server.url, ROOT);
  for (const [name, badge] of [
    ['Anna Eglīte', '4711'],
    ['Jānis Bērziņš', '4712'],
  ])
    await client.ask(
      'mutation($name: String!, $badge: String) { createPerson(input: { name: $name, badge: $badge }) { person { id } } }',
      { name, badge },
    );
  for (const number of ['101', '102', '103', 'B-7'])
    await client.ask(
      'mutation($number: String!) { createKey(input: { number: $number, label: "Meeting room" }) { key { id } } }',
      { number },
    );
  browser = await startBrowser();
  visitor = await visit(browser, `http://127.0.0.1:${gate.port}`);
  page = visitor.page;
  await signIn(page, ROOT);
  await page.goto('/desk');
  await field().waitFor();
  await mkdir(pictures, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  gate?.stop();
  await server?.remove();
});

const field = () => page.locator('#desk-number:enabled');

/** Types as a scanner does: the characters at once, then Enter. */
async function scan(text: string): Promise<void> {
  await page.keyboard.insertText(text);
  await page.keyboard.press('Enter');
}

const says = (text: string | RegExp) => page.locator('[data-kind]').getByText(text).first().waitFor();

async function holderOf(number: string): Promise<string | null> {
  const { key } = await client.ask<{ key: { loan: { holder: { name: string } } | null } }>(
    'query($number: String!) { key(number: $number) { loan { holder { name } } } }',
    { number },
  );
  return key.loan?.holder.name ?? null;
}

test('a key goes out with two numbers and comes back with one, each within three seconds', async () => {
  const began = performance.now();
  await scan('101');
  await scan('4711');
  await says('101 issued to Anna Eglīte');
  const issued = performance.now();
  expect(await holderOf('101')).toBe('Anna Eglīte');
  const back = performance.now();
  await scan('101');
  await says('101 returned by Anna Eglīte');
  const returned = performance.now();
  expect(await holderOf('101')).toBeNull();
  process.stdout.write(
    `issue: 2 Enter after the numbers, ${Math.round(issued - began)} ms; return: 1 Enter, ${Math.round(returned - back)} ms\n`,
  );
  expect(issued - began).toBeLessThan(3_000);
  expect(returned - back).toBeLessThan(3_000);
});

test('what a scanner sends without a pause is done in order', async () => {
  await scan('101');
  await scan('102');
  await scan('4712');
  await scan('102');
  await says('102 returned by Jānis Bērziņš');
  expect(await holderOf('101')).toBe('Jānis Bērziņš');
  await scan('101');
  await says('101 returned by Jānis Bērziņš');
});

test('a badge that comes first takes keys until Enter alone', async () => {
  await scan('4711');
  await page.getByLabel('Waiting').getByText('Anna Eglīte').waitFor();
  await scan('103');
  await says('103 issued to Anna Eglīte');
  await scan('b-7');
  await says('B-7 issued to Anna Eglīte');
  await page.keyboard.press('Enter');
  await page.getByLabel('Waiting').waitFor({ state: 'detached' });
  expect(await holderOf('B-7')).toBe('Anna Eglīte');
});

test('a name offers people, and nothing happens before one is chosen', async () => {
  await scan('102');
  await scan('eglīte');
  await page.getByRole('button', { name: /Anna Eglīte/ }).waitFor();
  expect(await holderOf('102')).toBeNull();
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: /Anna Eglīte/ }).focus();
  await page.keyboard.press('Enter');
  await says('102 issued to Anna Eglīte');
});

test('undo is a return on record with a reason, and refusals say why', async () => {
  await page.getByRole('button', { name: /^Undo/ }).first().click();
  await scan('Taken by mistake');
  await says('102 returned by Anna Eglīte');
  await page.getByText('Taken by mistake').first().waitFor();
  await scan('nothing');
  await says('nothing is no key in use');
});

test('without a connection the desk says so and takes nothing', async () => {
  await page.screenshot({ path: join(pictures, 'desk-1440.png') });
  await page.setViewportSize({ width: 820, height: 1180 });
  await scan('101');
  await page.getByLabel('Waiting').getByText('101').waitFor();
  await page.screenshot({ path: join(pictures, 'desk-tablet.png') });
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 360, height: 740 });
  await page.screenshot({ path: join(pictures, 'desk-360.png') });
  await server.stop();
  await page.getByText('No connection: nothing can be recorded now.').waitFor();
  expect(await page.locator('#desk-number').isDisabled()).toBe(true);
  await server.run();
  await field().waitFor();
  await scan('103');
  await says('103 returned by Anna Eglīte');
  expect(visitor.errors).toEqual([]);
});
