import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './harness/axe';
import { signIn, startBrowser, visit } from './harness/browser';
import { Server } from './harness/server';

const admin = { username: 'admin', password: 'keytrail-sample' };
const member = { username: 'member', password: 'keytrail-sample' };
const patience = { timeout: 15_000 };

let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = await Server.start({ KEYTRAIL_SAMPLE: '1' });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** A day of which nothing more arrives. */
function threeDaysAgo(): string {
  return new Date(Date.now() - 3 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

async function firstRow(page: Page) {
  const row = page.getByRole('list', { name: 'Timeline' }).getByRole('listitem').first();
  await row.waitFor();
  return row;
}

test('with r the current entry is reviewed, with ! flagged, and each row says by whom', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.goto(`/timeline?action=key.returned&to=${threeDaysAgo()}`); // what happens now moves rows
  const row = await firstRow(page);
  await page.keyboard.press('j');
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Review 1 entry' });
  await dialog.getByLabel('Note').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await expect
    .poll(
      () => dialog.getByLabel('As it should be').evaluate((it) => it === document.activeElement),
      patience,
    )
    .toBe(true);
  await page.keyboard.press('Enter');
  await row.getByText(/^Reviewed: As it should be · /).waitFor();

  await page.keyboard.press('!');
  const flag = page.getByRole('dialog', { name: 'Flag 1 entry' });
  await flag.getByLabel('Note').fill('Who had this key at night?');
  await page.keyboard.press('Enter');
  const chip = row.getByText(/^Flagged · /);
  await chip.waitFor();
  expect(await chip.getAttribute('title')).toContain('Who had this key at night?');
  expect(await violationsOf(page)).toEqual([]);
  await context.close();
  expect(errors).toEqual([]);
});

test('chosen entries are reviewed together, and a filter finds those by their review', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.goto('/timeline?action=key.issued');
  await firstRow(page);
  for (let n = 0; n < 3; n++) {
    await page.keyboard.press('j');
    await page.keyboard.press(' ');
  }
  await page.getByText('3 chosen').waitFor();
  await page.getByRole('button', { name: 'Mark as reviewed' }).click();
  const dialog = page.getByRole('dialog', { name: 'Review 3 entries' });
  await dialog.getByLabel('Suspicious').check();
  await dialog.getByRole('button', { name: 'Mark as reviewed' }).click();
  await page.getByText('3 entries reviewed').waitFor();
  // One that had only just arrived shows it when the page has been asked for again.
  await expect.poll(() => page.getByText(/^Reviewed: Suspicious · /).count(), patience).toBe(3);
  expect(await page.getByText('3 chosen').count()).toBe(0);

  await page.getByRole('combobox', { name: 'Review' }).click();
  await page.getByRole('option', { name: 'Reviewed', exact: true }).click();
  await page.getByText(/^3 entries from /).waitFor();
  const { searchParams } = new URL(page.url());
  expect(searchParams.get('review')).toBe('REVIEWED');
  expect(searchParams.get('from')).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(await page.getByLabel('Live').isDisabled()).toBe(true);
  expect(await violationsOf(page)).toEqual([]);
  await context.close();
  expect(errors).toEqual([]);
});

test('closing a day shows what is unreviewed, and reviews it except for what is flagged', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.goto('/timeline?streams=AUTH');
  await firstRow(page);
  await page.keyboard.press('j');
  await page.keyboard.press('!');
  await page.getByRole('dialog', { name: 'Flag 1 entry' }).getByLabel('Note').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText(/^Flagged · /).waitFor();

  await page.getByRole('button', { name: 'Close the day' }).click();
  const dialog = page.getByRole('dialog', { name: 'Close the day' });
  await dialog.getByText(/ (is|are) unreviewed\./).waitFor();
  await dialog.getByText(/^.*1 of them is flagged and stays so/).waitFor();
  expect(await dialog.getByLabel('Only the entries that the present filter lets through').isChecked()).toBe(
    true,
  );
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close the day' }).click();
  await dialog.getByText('Write what you saw of the day.').waitFor();
  await dialog.getByLabel('What you saw of the day').fill('Quiet; one sign-in is asked about.');
  await dialog.getByRole('button', { name: 'Close the day' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page
    .getByText(/^Reviewed: As it should be · /)
    .first()
    .waitFor();
  await expect.poll(() => page.getByText(/^Flagged · /).count(), patience).toBe(1);

  await page.getByRole('button', { name: 'Close the day' }).click();
  await dialog.getByText(/^1 entry of .* is unreviewed\./).waitFor();
  await context.close();
  expect(errors).toEqual([]);
});

test('who may not review is offered none of it, and sees nothing of what reviewers said', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, member);
  await page.goto('/timeline');
  await page.getByRole('heading', { name: 'Timeline', level: 1 }).waitFor();
  await page.getByRole('list', { name: 'Timeline' }).or(page.getByText('No entry fits')).waitFor();
  expect(await page.getByRole('button', { name: 'Close the day' }).count()).toBe(0);
  expect(await page.getByRole('combobox', { name: 'Review' }).count()).toBe(0);
  expect(await page.getByRole('checkbox', { name: /^Choose/ }).count()).toBe(0);
  await context.close();
  expect(errors).toEqual([]);
});
