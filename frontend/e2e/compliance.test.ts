import { mkdir, readFile } from 'node:fs/promises';
import type { Browser, Download, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { examine, pictures } from './harness/examine';
import { Server } from './harness/server';

const admin = { username: 'admin', password: 'keytrail-sample' };
const member = { username: 'member', password: 'keytrail-sample' };

interface Report {
  version: number;
  period: { from: string; to: string; timeZone: string };
  made: { by: { name: string }; entry: number };
  ledger: { entries: number; checkpoint: { size: number; note: string } };
  access: { held: { role: string; person: { name: string } }[] };
  signIns: { succeeded: number };
}

let server: Server;
let browser: Browser;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  [server, browser] = await Promise.all([Server.start({ KEYTRAIL_SAMPLE: '1' }), startBrowser()]);
  visitor = await visit(browser, server.url, {
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  page = visitor.page;
  await signIn(page, admin);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const opener = () => page.getByRole('button', { name: 'Compliance report' });
const dialog = () => page.getByRole('dialog', { name: 'Compliance report' });
const focused = (one: Locator) => one.evaluate((element) => element === document.activeElement);

/** Waits until what opened the dialog has the focus again. */
const givenBack = () =>
  page.waitForFunction(() => document.activeElement?.textContent?.includes('Compliance report'));

/** Opens the dialog by the keyboard. */
async function open(): Promise<Locator> {
  await page.goto('/integrity');
  await opener().focus();
  await page.keyboard.press('Enter');
  await dialog().waitFor();
  return dialog();
}

/** The bytes of the file that the dialog hands over, and its name. */
async function make(): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download') as Promise<Download>,
    dialog().getByRole('button', { name: 'Make the report' }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('the report of the days so far is made as JSON and tied to the ledger', async () => {
  const form = await open();
  const usual = form.getByRole('radio', { name: /^Last month/ });
  await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'radio');
  expect(await focused(usual)).toBe(true);
  await form.getByRole('radio', { name: /^This month so far/ }).check();
  await form.getByRole('radio', { name: /^JSON/ }).check();
  expect(await examine(visitor, 'compliance-1440-light-en')).toEqual([]);
  const { name, bytes } = await make();
  const report = JSON.parse(bytes.toString()) as Report;
  expect(name).toBe(`compliance-${report.period.from}-${report.period.to}.json`);
  expect(report.period.from.slice(8)).toBe('01');
  expect(report.period.timeZone).toBe('Europe/Riga');
  expect(report.access.held.map(({ role }) => role)).toContain('admin');
  expect(report.signIns.succeeded).toBeGreaterThan(0);
  expect(report.made.entry).toBeLessThan(report.ledger.entries);
  expect(report.ledger.checkpoint.size).toBeGreaterThanOrEqual(report.ledger.entries);
  await dialog().waitFor({ state: 'detached' });
  await page.getByText(`${name} is made`).waitFor();
  await givenBack();

  await page.goto('/integrity?log=log.exported');
  const rows = page.getByRole('list', { name: 'Who looked, and what keytrail did' }).getByRole('listitem');
  await rows.filter({ hasText: 'compliance' }).first().waitFor();
});

test('the report of last month is made as PDF', async () => {
  await open();
  const { name, bytes } = await make();
  expect(name).toMatch(/^compliance-\d{4}-\d\d-01-\d{4}-\d\d-(28|29|30|31)\.pdf$/);
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
});

test('days that make no period are said where they are typed, and what the server refuses is announced', async () => {
  const form = await open();
  await form.getByRole('radio', { name: 'Other days' }).check();
  const [from, to] = [form.getByLabel('First day'), form.getByLabel('Last day')];
  await from.fill('2026-02-02');
  await to.fill('2026-02-01');
  const button = form.getByRole('button', { name: 'Make the report' });
  await button.click();
  await form.getByText('The last day lies before the first.').waitFor();
  expect(await focused(to)).toBe(true);
  await from.fill('2024-01-01');
  await form.getByText('At most 366 days: choose fewer, or make several reports.').waitFor();
  expect(await examine(visitor, 'compliance-wrong-1440-light-en')).toEqual([]);

  await from.fill('2026-02-01');
  await page.route('**/export/compliance.pdf?*', (route) =>
    route.fulfill({
      status: 503,
      json: { code: 'UNAVAILABLE', message: 'Other reports are being made.', field: '' },
    }),
  );
  await button.click();
  await form.getByRole('alert').waitFor();
  await page.unrouteAll();
  expect((await make()).name).toBe('compliance-2026-02-01-2026-02-01.pdf');
  await open();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  await givenBack();
  expect(visitor.errors).toEqual([]);
});

test('it is there in Latvian, narrow and dark, and not for whoever may not see everybody', async () => {
  const other = await visit(browser, server.url, {
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
    locale: 'lv-LV',
    reducedMotion: 'reduce',
  });
  await signIn(other.page, admin);
  await other.page.goto('/integrity');
  await other.page.getByRole('button', { name: 'Atbilstības pārskats' }).click();
  await other.page.getByRole('dialog').getByText('Šis mēnesis līdz šodienai').waitFor();
  await other.page.getByRole('radio', { name: 'Citas dienas' }).check();
  expect(await examine(other, 'compliance-360-dark-lv')).toEqual([]);
  await other.context.close();

  const nobody = await visit(browser, server.url);
  await signIn(nobody.page, member);
  const answer = await nobody.page.request.get('/export/compliance.json?from=2026-01-01&to=2026-01-31');
  expect(answer.status()).toBe(403);
  await nobody.page.goto('/integrity');
  await nobody.page.getByRole('button', { name: 'Newest checkpoint' }).waitFor();
  expect(await nobody.page.getByRole('button', { name: 'Compliance report' }).count()).toBe(0);
  await nobody.context.close();
});
