import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, visit } from './harness/browser';
import { Client, makeStock } from './harness/client';
import { ROOT, Server } from './harness/server';

let server: Server;
let browser: Browser;
let client: Client;

beforeAll(async () => {
  server = await Server.start();
  client = await Client.signIn(server.url, ROOT);
  await makeStock(client, 1);
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

test('without a connection every page says so, and an issue is refused rather than pretended', async () => {
  const { page, context } = await visit(browser, server.url);
  const stripe = page.getByRole('alert').filter({ hasText: 'The connection is lost' });
  const isOut = async () => {
    const { loans } = await client.ask<{ loans: { edges: unknown[] } }>(
      '{ loans(first: 1) { edges { cursor } } }',
    );
    return loans.edges.length > 0;
  };
  await signIn(page, ROOT);
  await page.goto('/keys');
  await page.getByRole('button', { name: 'Issue key 101' }).click();
  await page.getByRole('option', { name: /Jānis Bērziņš/ }).click();

  await context.setOffline(true);
  await stripe.waitFor();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Issue' }).click();
  await dialog.getByRole('alert').waitFor();
  expect(await isOut()).toBe(false);

  await context.setOffline(false);
  await stripe.waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(isOut, { timeout: 15_000 }).toBe(true);
  await context.close();
});
