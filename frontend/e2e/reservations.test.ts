import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client, makeStock, type Stock } from './harness/client';
import { ROOT, Server } from './harness/server';

const pictures =
  process.env.KEYTRAIL_PICTURES ?? resolve(import.meta.dirname, '../test-results/reservations');

let server: Server;
let browser: Browser;
let visitor: Visitor;
let client: Client;
let stock: Stock;

beforeAll(async () => {
  server = await Server.start();
  client = await Client.signIn(server.url, ROOT);
  stock = await makeStock(client, 2);
  browser = await startBrowser();
  visitor = await visit(browser, server.url, { viewport: { width: 1440, height: 900 } });
  await signIn(visitor.page, ROOT);
  await mkdir(pictures, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

test('a reservation shows on the key, in the strip and on its day, refuses another, and can be cancelled', async () => {
  const { page } = visitor;
  const reserve = async () => {
    await page.getByRole('button', { name: 'Reserve', exact: true }).click();
    await page.getByRole('combobox', { name: 'Holder' }).or(page.getByLabel('Holder')).first().fill('Jānis');
    await page.getByRole('option', { name: /Jānis Bērziņš/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reserve' }).click();
  };
  await page.goto(`/keys/${stock.keys[0]}`);
  await reserve();
  await page.getByText('Key 101 reserved for Jānis Bērziņš').waitFor();
  await page.getByRole('list', { name: 'Reservations' }).getByText('Jānis Bērziņš').waitFor();
  await reserve();
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.screenshot({ path: join(pictures, 'conflict-1440.png') });
  await page.keyboard.press('Escape');
  await page.screenshot({ path: join(pictures, 'key-1440.png') });

  await page.goto('/');
  const tomorrow = page.locator('[data-today] + [data-day]');
  await expect.poll(() => tomorrow.getAttribute('aria-label'), { timeout: 15_000 }).toContain('1 reserved');
  await tomorrow.click();
  const day = page.getByRole('list', { name: 'Reservations of the day' });
  await day.getByText('Jānis Bērziņš').waitFor();
  await page.screenshot({ path: join(pictures, 'calendar-1440.png') });
  await day.getByRole('button', { name: 'Cancel the reservation of key 101 for Jānis Bērziņš' }).click();
  await page.getByText('Reservation of key 101 cancelled').waitFor();
  await expect.poll(() => tomorrow.getAttribute('aria-label'), { timeout: 15_000 }).not.toContain('reserved');
  expect(visitor.errors).toEqual([]);
});
