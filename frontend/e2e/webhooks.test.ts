import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server as Receiver } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { examineBothWays, pictures } from './harness/examine';
import { ROOT, Server } from './harness/server';

const patience = { timeout: 120_000 }; // pauses between tries grow

interface Call {
  headers: IncomingHttpHeaders;
  text: string;
}

let server: Server;
let browser: Browser;
let visitor: Visitor;
let receiver: Receiver;
let answer = 200;
const calls: Call[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      calls.push({ headers: request.headers, text });
      response.writeHead(answer).end(answer === 200 ? '' : 'the receiver is closed');
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  [server, browser] = await Promise.all([
    Server.start({
      KEYTRAIL_DOCUMENTS: 'known',
      KEYTRAIL_WEBHOOK_NETWORKS: '127.0.0.1',
      KEYTRAIL_WEBHOOK_HTTP: '1',
    }),
    startBrowser(),
  ]);
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
  receiver?.close();
});

/** Checks a call as a receiver does that knows the secret. */
function signed({ headers, text }: Call, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
  const wanted = `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(wanted);
}

test('a webhook is made, tried, sent what happens, shows what failed, and is removed', async () => {
  const { page } = visitor;
  const { port } = receiver.address() as AddressInfo;
  await page.goto('/webhooks');
  await page.getByText('There is no webhook yet').waitFor();
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  await page.getByLabel('Address').fill('https://169.254.169.254/latest');
  await page.getByLabel('What it is for').fill('On call');
  await page.getByRole('checkbox', { name: 'Attempts to sign in' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('network that is closed').waitFor();
  await page.getByLabel('Address').fill(`http://127.0.0.1:${port}/events`);
  expect(await examineBothWays(visitor, 'webhook-form')).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('It is shown only now').waitFor();
  expect(await examineBothWays(visitor, 'webhook-secret')).toEqual([]);
  await page.getByRole('button', { name: 'Copy the secret' }).click();
  await page.getByText('Copied').first().waitFor();
  const secret = await page.evaluate(() => navigator.clipboard.readText());
  expect(secret).toMatch(/^whsec_[0-9A-Za-z+/]{43}=$/);
  await page.getByRole('button', { name: 'I have kept it' }).click();

  const hook = page.getByRole('listitem', { name: 'On call' });
  await hook.getByRole('button', { name: 'Send a test' }).click();
  await hook.getByText('It answered 200').waitFor();
  expect(calls).toHaveLength(1);
  expect(signed(calls[0] as Call, secret)).toBe(true);
  expect(await page.content()).not.toContain(secret);

  answer = 503;
  await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: server.url },
    body: JSON.stringify({
      query:
        'mutation { signIn(input: {username: "nobody", password: "wrong-password"}) { viewer { roles } } }',
    }),
  });
  await visit(browser, server.url).then(async (other) => {
    await other.page.goto('/');
    await signIn(other.page, ROOT);
    await other.context.close();
  });
  await hook.getByText('Failing since').waitFor(patience);
  await hook.getByRole('button', { name: 'Deliveries to On call' }).click();
  await hook.getByText('the receiver is closed').first().waitFor(patience);
  expect(await examineBothWays(visitor, 'webhook-failing')).toEqual([]);
  answer = 200;
  await hook.getByText('Delivered', { exact: true }).first().waitFor(patience);
  await expect.poll(() => hook.getByText('Failing since').count(), patience).toBe(0);
  const events = calls.slice(1);
  expect(events.every((call) => signed(call, secret) && JSON.parse(call.text).type !== 'Test')).toBe(true);
  expect(await examineBothWays(visitor, 'webhook-deliveries')).toEqual([]);

  await hook.getByRole('button', { name: 'More for On call' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('There is no webhook yet').waitFor();
  expect(visitor.errors).toEqual([]);
}, 400_000);
