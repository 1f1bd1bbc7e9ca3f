import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, visit } from './harness/browser';
import { recordsWork, seedHours } from './harness/hours';
import { ROOT, Server } from './harness/server';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
});

test('who is not known is assigned to a person or dismissed, and hours are computed at once', async () => {
  const server = await Server.start(recordsWork);
  try {
    await seedHours(server);
    const { page, context, errors } = await visit(browser, server.url);
    await signIn(page, ROOT);
    await page.goto('/hours');
    const waiting = page.getByRole('region', { name: 'Users whom nobody is known by' });
    await waiting.getByRole('button', { name: 'Assign ACME\\ziemelis to a person' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Assign' }).click();
    await dialog.getByText('Choose who it is.').waitFor();
    await dialog.getByLabel('Person').click();
    await page.getByRole('option').nth(2).click();
    await dialog.getByRole('button', { name: 'Assign' }).click();
    await dialog.waitFor({ state: 'detached' });
    await waiting.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Compute now' }).click();
    await page.getByText('Hours are computed from all that was reported.').waitFor();
    expect(errors).toEqual([]);
    await context.close();
  } finally {
    await server.remove();
  }
}, 120_000);

test('where nobody said why work is recorded, the page says what has to be set', async () => {
  const server = await Server.start();
  try {
    const { page, context, errors } = await visit(browser, server.url);
    await signIn(page, ROOT);
    await page.goto('/hours');
    await page.getByText('Work is not recorded here').waitFor();
    await page.getByText('KEYTRAIL_WORK_HOURS_PURPOSE').waitFor();
    expect(errors).toEqual([]);
    await context.close();
  } finally {
    await server.remove();
  }
}, 60_000);
