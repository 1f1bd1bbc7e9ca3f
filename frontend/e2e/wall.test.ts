import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './harness/axe';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client, makeStock, moveAll, type Stock } from './harness/client';
import { ROOT, Server } from './harness/server';

const pictures = process.env.KEYTRAIL_PICTURES ?? resolve(import.meta.dirname, '../test-results/wall');

let server: Server;
let browser: Browser;
let desk: Visitor;
let wall: Page;
let display: Visitor;
let client: Client;
let stock: Stock;

beforeAll(async () => {
  server = await Server.start();
  client = await Client.signIn(server.url, ROOT);
  stock = await makeStock(client, 3);
  await moveAll(client, stock, 0);
  browser = await startBrowser();
  desk = await visit(browser, server.url);
  await signIn(desk.page, ROOT);
  display = await visit(browser, server.url, { viewport: { width: 1920, height: 1080 } });
  wall = display.page;
  await mkdir(pictures, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const figure = (name: string, value: number) =>
  wall
    .locator('dl > div')
    .filter({ hasText: name })
    .locator('dd', { hasText: new RegExp(`^${value}$`) })
    .waitFor();

test('a display shows a code, and the wall once an admin has approved it', async () => {
  await wall.goto('/wall');
  const code = wall.getByText(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
  await code.waitFor();
  const shown = (await code.textContent()) ?? '';
  await wall.screenshot({ path: join(pictures, 'pairing-1920.png') });

  const { page } = desk;
  await page.goto('/tokens');
  await page.getByRole('button', { name: 'Pair a display' }).click();
  await page.getByLabel('Code on the display').fill('AAAA-AAAA');
  await page.keyboard.press('Enter');
  await page.getByText('No display shows this code now.').waitFor();
  await page.getByLabel('Code on the display').fill(shown.toLowerCase().replace('-', ' '));
  await page.keyboard.press('Enter');
  await page.getByText('Chrome on Linux').waitFor();
  await page.screenshot({ path: join(pictures, 'approve-1280.png') });
  await page.getByRole('textbox', { name: 'Name' }).fill("Porter's lodge");
  await page.getByRole('button', { name: 'Approve the display' }).click();
  await page.getByText("Porter's lodge shows the wall now").waitFor();

  await wall.getByRole('heading', { name: "Porter's lodge" }).waitFor();
  await figure('out now', 3);
  await wall.getByText('J.B.').first().waitFor();
  expect(await wall.getByText('Jānis').count()).toBe(0);
  expect(new URL(wall.url()).search + new URL(wall.url()).hash).toBe('');
  await wall.screenshot({ path: join(pictures, 'wall-1920.png') });
  expect(await violationsOf(wall)).toEqual([]);
});

test('the wall follows movements, and a display sees nothing else', async () => {
  await moveAll(client, stock, 1);
  await figure('out now', 0);
  await wall.getByText('All keys are in.').waitFor();
  const other = await display.context.newPage();
  await other.goto('/keys');
  await other.locator('input[type="password"]').waitFor();
  await other.close();
});

test('no row of a list is cut off, however low the display is', async () => {
  await moveAll(client, stock, 0);
  await moveAll(client, stock, 1);
  await moveAll(client, stock, 0);
  await figure('out now', 3);
  const rows = () =>
    wall.locator('section li').evaluateAll((all) => ({
      whole: all.length > 0,
      cut: all.filter((row) => {
        const section = row.closest('section')?.getBoundingClientRect();
        return !section || row.getBoundingClientRect().bottom > section.bottom + 1;
      }).length,
    }));
  const movements = wall.locator('section:last-of-type ul:last-of-type li');
  for (const height of [1080, 720, 480]) {
    await wall.setViewportSize({ width: 1280, height });
    await expect.poll(rows).toEqual({ whole: true, cut: 0 });
  }
  const few = await movements.count();
  await wall.setViewportSize({ width: 1920, height: 1080 });
  await expect.poll(() => movements.count()).toBeGreaterThan(few);
  await moveAll(client, stock, 1);
  await figure('out now', 0);
});

test('the wall goes on after its database was killed', async () => {
  await server.killDatabase();
  await expect
    .poll(
      () =>
        moveAll(client, stock, 0).then(
          () => true,
          () => false,
        ),
      { timeout: 60_000, interval: 250 },
    )
    .toBe(true);
  await figure('out now', 3);
  await moveAll(client, stock, 1);
  await figure('out now', 0);
});

test('the wall says when its data is old, and goes on by itself after a restart', async () => {
  await server.stop();
  await wall.getByText(/No word from the server for \d+ seconds/).waitFor({ timeout: 60_000 });
  await wall.screenshot({ path: join(pictures, 'stale-1920.png') });
  await server.run();
  await wall.getByText(/No word from the server/).waitFor({ state: 'detached', timeout: 60_000 });
  await moveAll(client, stock, 2);
  await figure('out now', 3);
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 360, height: 740 },
  ]) {
    await wall.setViewportSize(viewport);
    await wall.screenshot({ path: join(pictures, `wall-${viewport.width}.png`) });
    expect(
      await wall.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    ).toBeLessThanOrEqual(0);
  }
});

test('a display whose token was revoked asks anew', async () => {
  const { page } = desk;
  await page.goto('/tokens');
  await page.getByRole('button', { name: "Revoke Porter's lodge" }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await wall.getByText(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/).waitFor();
  expect(display.errors).toEqual([]);
  expect(desk.errors).toEqual([]);
});
