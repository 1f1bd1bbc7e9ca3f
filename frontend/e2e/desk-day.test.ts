import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOf } from './harness/axe';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client } from './harness/client';
import { ROOT, Server } from './harness/server';

const pictures = process.env.KEYTRAIL_PICTURES ?? resolve(import.meta.dirname, '../test-results/desk');
const custodian = { username: 'custodian', password: 'staple battery horse' };

let server: Server;
let browser: Browser;
let client: Client;
let first: Visitor;
let second: Visitor;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), startBrowser()]);
  client = await Client.signIn(server.url, ROOT);
  for (const [name, badge] of [
    ['Zelma Ozola', '90011'],
    ['Rūdolfs Kalve', '90012'],
  ])
    await client.ask(
      'mutation($name: String!, $badge: String) { createPerson(input: { name: $name, badge: $badge }) { person { id } } }',
      { name, badge },
    );
  await makeCustodian();
  first = await visit(browser, server.url, { reducedMotion: 'reduce' });
  second = await visit(browser, server.url, { reducedMotion: 'reduce' });
  await signIn(first.page, ROOT);
  await signIn(second.page, custodian);
  await mkdir(pictures, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** Somebody at the desk who has a keyboard and a scanner that types as one, and no mouse. */
class Hands {
  /** Keys pressed by hand; what the scanner types is not counted, its Enter is. */
  strokes = 0;

  constructor(readonly page: Page) {}

  async press(key: string): Promise<void> {
    this.strokes++;
    await this.page.keyboard.press(key);
  }

  async scan(number: string): Promise<void> {
    await this.page.keyboard.type(number);
    await this.press('Enter');
  }

  /** Words typed by hand are counted as one key each. */
  async write(words: string): Promise<void> {
    await this.page.keyboard.type(words);
    this.strokes += words.length;
    await this.press('Enter');
  }

  async says(text: string | RegExp): Promise<void> {
    await this.page.locator('[data-kind]').getByText(text).first().waitFor();
  }

  async asks(label: string | RegExp): Promise<void> {
    await this.page.locator('label[for="desk-number"]').getByText(label).waitFor();
    expect(await this.page.evaluate(() => document.activeElement?.id)).toBe('desk-number');
  }

  /** Does something, and tells how many keys and how much time it took. */
  async measure(what: string, work: () => Promise<void>): Promise<number> {
    const strokes = this.strokes;
    const began = performance.now();
    await work();
    const pressed = this.strokes - strokes;
    process.stdout.write(`${what}: ${pressed} keys, ${Math.round(performance.now() - began)} ms\n`);
    return pressed;
  }
}

/** Makes the account of the second person. */
async function makeCustodian(): Promise<void> {
  const { createPerson } = await client.ask<{ createPerson: { person: { id: string } } }>(
    'mutation { createPerson(input: { name: "Anna Eglīte" }) { person { id } } }',
  );
  const { createAccount } = await client.ask<{ createAccount: { setupLink: string } }>(
    'mutation($input: CreateAccountInput!) { createAccount(input: $input) { setupLink } }',
    { input: { person: createPerson.person.id, username: custodian.username, roles: ['custodian'] } },
  );
  await client.ask('mutation($input: SetPasswordInput!) { setPassword(input: $input) { __typename } }', {
    input: { link: createAccount.setupLink.split('#')[1], password: custodian.password },
  });
}

async function makeKeys(prefix: string): Promise<void> {
  for (const n of [1, 2, 3, 4])
    await client.ask(
      'mutation($number: String!, $cabinet: String, $marked: Boolean) { createKey(input: { number: $number, label: "Meeting room", cabinet: $cabinet, approvalRequired: $marked }) { key { id } } }',
      { number: `${prefix}-${n}`, cabinet: `Cabinet ${prefix}`, marked: n === 4 },
    );
}

async function stateOf(number: string): Promise<string> {
  const { key } = await client.ask<{
    key: { state: string; loan: { holder: { name: string } } | null };
  }>('query($number: String!) { key(number: $number) { state loan { holder { name } } } }', { number });
  return key.loan ? `with ${key.loan.holder.name}` : key.state;
}

/** Why the last movements of a key were done or held to be otherwise. */
async function reasonsOf(number: string): Promise<(string | null)[]> {
  const { keyLog } = await client.ask<{
    keyLog: { edges: { node: { reason: string | null; key: { number: string } | null } }[] };
  }>('{ keyLog(first: 40) { edges { node { reason key { number } } } } }');
  return keyLog.edges.filter(({ node }) => node.key?.number === number).map(({ node }) => node.reason);
}

async function toTheDesk(page: Page, viewport: { width: number; height: number }): Promise<Hands> {
  await page.setViewportSize(viewport);
  await page.goto('/desk');
  await page.locator('#desk-number:enabled').waitFor();
  return new Hands(page);
}

describe.each([
  { prefix: 'DW', width: 1440, height: 900 },
  { prefix: 'DL', width: 1024, height: 768 },
  { prefix: 'DP', width: 768, height: 1024 },
])('at $width × $height', ({ prefix, ...viewport }) => {
  const [one, two, three, marked] = [1, 2, 3, 4].map((n) => `${prefix}-${n}`) as [
    string,
    string,
    string,
    string,
  ];
  let desk: Hands;

  beforeAll(async () => {
    await makeKeys(prefix);
    desk = await toTheDesk(first.page, viewport);
  });

  test('a key goes out with two keys pressed and comes back with one', async () => {
    const out = await desk.measure('issue', async () => {
      await desk.scan(one);
      await desk.scan('90011');
      await desk.says(`${one} issued to Zelma Ozola`);
    });
    const back = await desk.measure('return', async () => {
      await desk.scan(one);
      await desk.says(`${one} returned by Zelma Ozola`);
    });
    expect(out).toBeLessThanOrEqual(3);
    expect(back).toBeLessThanOrEqual(3);
    expect(await stateOf(one)).toBe('AVAILABLE');
  });

  test('a return is undone with a reason, and a number that is scanned is none', async () => {
    await desk.measure('undo', async () => {
      await desk.press('F7');
      await desk.asks('Why is it undone?');
      await desk.scan(two);
      await desk.says(`${two} looks like a number`);
      await desk.write('Wrong key scanned');
      await desk.says(`Return of ${one} undone: Zelma Ozola still has it`);
    });
    expect(await stateOf(one)).toBe('with Zelma Ozola');
    expect(await reasonsOf(one)).toContain('Wrong key scanned');
  });

  test('a key is handed over when the receiver’s badge is scanned', async () => {
    await desk.measure('hand over', async () => {
      await desk.press('F2');
      await desk.scan(one);
      await desk.asks('Badge of who receives it');
      await desk.scan('90012');
      await desk.says(`${one} handed over to Rūdolfs Kalve by Zelma Ozola`);
    });
    expect(await stateOf(one)).toBe('with Rūdolfs Kalve');
  });

  test('a receiver who is named has to accept with his badge', async () => {
    await desk.press('F2');
    await desk.scan(one);
    await desk.asks('Badge of who receives it');
    await desk.write('Zelma');
    const choice = desk.page.getByRole('button', { name: /Zelma Ozola/ });
    await choice.waitFor();
    await tabTo(desk, /Zelma Ozola/);
    await desk.press('Enter');
    await desk.says(`${one} is offered to Zelma Ozola`);
    expect(await stateOf(one)).toBe('with Rūdolfs Kalve');
    await desk.press('Escape');
    await desk.press('F2');
    await desk.scan(one);
    await desk.asks('Badge of who receives it, to accept');
    await desk.page.screenshot({ path: join(pictures, `desk-accept-${viewport.width}.png`) });
    await desk.scan('90012');
    await desk.page.getByRole('alert').waitFor();
    expect(await stateOf(one)).toBe('with Rūdolfs Kalve');
    await desk.scan('90011');
    await desk.says(`${one} handed over to Zelma Ozola by Rūdolfs Kalve`);
  });

  test('a receipt is printed for the key that just went out, and for any other that is out', async () => {
    await desk.scan(two);
    await desk.scan('90012');
    await desk.says(`${two} issued to Rūdolfs Kalve`);
    expect(await printed(() => desk.press('F10'))).toMatch(/^application\/pdf/);
    await desk.press('Escape');
    await desk.press('F10');
    await desk.asks('Number of the key whose receipt is printed');
    expect(await printed(() => desk.scan(one))).toMatch(/^application\/pdf/);
    await desk.says(`Receipt of ${one} for Zelma Ozola`);
  });

  test('a key is reported lost with what happened, and found', async () => {
    await desk.measure('report lost', async () => {
      await desk.press('F4');
      await desk.scan(one);
      await desk.asks('What happened?');
      await desk.write('Fell into the river');
      await desk.says(`${one} reported lost`);
    });
    expect(await stateOf(one)).toBe('LOST');
    await desk.measure('report found', async () => {
      await desk.press('F6');
      await desk.scan(one);
      await desk.says(`${one} is there again`);
    });
    expect(await stateOf(one)).toBe('AVAILABLE');
  });

  test('what needs a second person is approved or refused at his desk', async () => {
    const other = await toTheDesk(second.page, viewport);
    for (const [answer, key] of [
      ['F4', 'AVAILABLE'],
      ['Enter', 'with Rūdolfs Kalve'],
    ] as const) {
      await desk.scan(marked);
      await desk.scan('90012');
      await desk.says(`${marked} for Rūdolfs Kalve waits for approval`);
      await begin(other, 'F8', 'Number of the key to decide about');
      await other.scan(marked);
      await other.asks('Enter approves');
      await other.page.getByText(/Asked for by/).waitFor();
      await other.page.keyboard.type('Seen the work order');
      await other.press(answer);
      await other.says(answer === 'F4' ? /^Refused/ : /^Approved/);
      expect(await stateOf(marked)).toBe(key);
    }
    await other.press('F8');
    await other.says('Nothing waits for your approval.');
  });

  test('a cabinet is counted, and what differs is settled', async () => {
    await desk.press('F9');
    await desk.asks('Name of the cabinet or group');
    await desk.write('No such cabinet');
    await desk.says('No cabinet and no group is called No such cabinet.');
    await desk.measure('count', async () => {
      await desk.write(`cabinet ${prefix}`);
      await desk.asks('Number of the next key');
      for (const number of [one, one, two]) await desk.scan(number);
      await desk.page.getByText('2 keys scanned').waitFor();
      await desk.press('Enter');
      await desk.asks('Settle it with a function key');
      await examine(desk.page, `desk-differences-${viewport.width}`);
      await desk.scan(two);
      await desk.page.getByText('There, but not returned').waitFor();
      await desk.press('F2');
      await desk.page.getByText('There, but not returned').waitFor({ state: 'hidden' });
      await desk.page.getByText('Missing').waitFor();
      await desk.press('F4');
      await desk.says(`Count of Cabinet ${prefix}: 1 of 2 there · all settled`);
    });
    expect(await Promise.all([one, two, three].map(stateOf))).toEqual(['AVAILABLE', 'AVAILABLE', 'LOST']);
  });

  test('the desk is accessible and fits, also on a telephone', async () => {
    await desk.press('Escape');
    await examine(desk.page, `desk-${viewport.width}`);
    if (prefix === 'DW') {
      await desk.page.setViewportSize({ width: 360, height: 740 });
      await examine(desk.page, 'desk-360');
      await desk.press('F8');
      await desk.press('F9');
      await examine(desk.page, 'desk-count-360');
    }
    expect(first.errors).toEqual([]);
    expect(second.errors).toEqual([]);
  });
});

/** Begins an errand with its key, which a desk that is still busy does not heed. */
async function begin(desk: Hands, key: string, label: string): Promise<void> {
  const asked = desk.page.locator('label[for="desk-number"]').getByText(label);
  await expect
    .poll(
      async () => {
        await desk.press(key);
        return asked.waitFor({ timeout: 5_000 }).then(
          () => true,
          () => false,
        );
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  await desk.asks(label);
}

/** Goes on with Tab until what is wanted has the focus. */
async function tabTo(desk: Hands, name: RegExp): Promise<void> {
  for (let n = 0; n < 12; n++) {
    await desk.press('Tab');
    const focused = await desk.page.evaluate(() => document.activeElement?.textContent ?? '');
    if (name.test(focused)) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

/** What kind of file is opened in a tab of its own. */
async function printed(press: () => Promise<void>): Promise<string> {
  const answer = first.context.waitForEvent('response', (response) =>
    /\/print\/receipt\/.*\.pdf/.test(response.url()),
  );
  const tab = first.context.waitForEvent('page');
  await press();
  const kind = (await answer).headers()['content-type'] ?? '';
  await (await tab).close();
  await first.page.bringToFront();
  return kind;
}

async function examine(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  expect(await violationsOf(page)).toEqual([]);
}
