import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client, makeStock } from './harness/client';
import { ROOT, Server } from './harness/server';

let server: Server;
let browser: Browser;
let desk: Visitor;
let wall: Visitor;
let list: Page;

beforeAll(async () => {
  server = await Server.start();
  await makeStock(await Client.signIn(server.url, ROOT), 3);
  browser = await startBrowser();
  desk = await visit(browser, server.url);
  wall = await visit(browser, server.url);
  await signIn(desk.page, ROOT);
  await signIn(wall.page, ROOT);
  list = await wall.context.newPage();
  await list.goto('/keys');
  await desk.page.goto('/keys');
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const row = (page: Page, number: string, state: string) =>
  page.getByRole('row', { name: new RegExp(`${number}.*${state}`) });

const today = (page: Page, counts: string) => page.locator(`[data-today][aria-label*="${counts}"]`);

/** Issues a key with nothing but the keyboard. */
async function issueByKeyboard(page: Page, number: string, holder: string): Promise<void> {
  await row(page, number, 'Available').focus();
  await page.keyboard.press('Enter');
  const field = page
    .getByRole('textbox', { name: /Holder/ })
    .or(page.getByRole('combobox', { name: /Holder/ }));
  await field.waitFor();
  await page.keyboard.type(holder);
  await page
    .getByRole('option', { name: new RegExp(holder) })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
}

async function returnByKeyboard(page: Page, number: string): Promise<void> {
  await row(page, number, 'Issued').focus();
  await page.keyboard.press('Enter');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Return|Take/ })
    .waitFor();
  await page.keyboard.press('Enter');
}

/** Waits until the server has answered a mutation, and gives the time of that moment. */
async function answered(page: Page, mutation: string): Promise<number> {
  await page.waitForResponse((answer) => answer.request().postData()?.includes(mutation) ?? false);
  return performance.now();
}

test('a key that is issued at one desk shows in another browser without a reload, and after a restart too', async () => {
  const issued = answered(desk.page, 'issueKeys');
  await issueByKeyboard(desk.page, '101', 'Jānis');
  const atIssue = await issued;
  await Promise.all([today(wall.page, '1 issued').waitFor(), row(list, '101', 'Issued').waitFor()]);
  const seenAfter = performance.now() - atIssue;
  process.stdout.write(`another browser saw the issue after ${Math.round(seenAfter)} ms\n`);

  await server.stop();
  await wall.page.getByText('Reconnecting').first().waitFor();
  await server.run();
  for (const page of [wall.page, list, desk.page]) {
    await page.getByText('Live', { exact: true }).first().waitFor({ timeout: 60_000 });
  }

  const returned = answered(desk.page, 'returnKeys');
  await returnByKeyboard(desk.page, '101');
  const atReturn = await returned;
  await Promise.all([today(wall.page, '1 returned').waitFor(), row(list, '101', 'Available').waitFor()]);
  const seenAgain = performance.now() - atReturn;
  process.stdout.write(`after the restart it saw the return after ${Math.round(seenAgain)} ms\n`);
  expect([...desk.errors, ...wall.errors]).toEqual([]);
});
