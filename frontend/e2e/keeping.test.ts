import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './harness/axe';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Server } from './harness/server';

const pictures = process.env.KEYTRAIL_PICTURES ?? resolve(import.meta.dirname, '../test-results/screens');
const admin = { username: 'admin', password: 'keytrail-sample' };

let server: Server;
let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    Server.start({ KEYTRAIL_SAMPLE: '1', KEYTRAIL_RETENTION_GRACE: '0' }),
    startBrowser(),
  ]);
  await mkdir(pictures, { recursive: true });
  visitor = await visit(browser, server.url, {
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  await signIn(visitor.page, admin);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const looks = [
  { width: 1440, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
] as const;

/** Shows the page wide and light, and narrow and dark, and holds it to accessibility rules and to its own width. */
async function examine(name: string): Promise<void> {
  const { page } = visitor;
  for (const { width, colorScheme } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(() =>
      Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined))),
    );
    await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    expect(await violationsOf(page), `${name} at ${width}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('what was kept for long enough is looked at, archived, deleted and verified, and a hold keeps what names somebody', async () => {
  const { page } = visitor;
  await page.goto('/keeping');
  await page.getByRole('heading', { level: 1, name: 'Keeping' }).waitFor();
  const policies = page.getByRole('region', { name: 'How long entries are kept' });
  await policies.getByText('Kept for 90 days').first().waitFor();

  await policies.getByRole('button', { name: 'Change: Keys' }).click();
  await page.getByLabel('Days').fill('30');
  await examine('keeping-policy');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await policies.getByText('Kept for 30 days').waitFor();

  const holds = page.getByRole('region', { name: 'Legal holds' });
  await holds.getByRole('button', { name: 'Put somebody under hold' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Put under hold' }).press('Enter');
  await dialog.getByText('Say what the hold is for.').waitFor();
  await dialog.getByRole('combobox', { name: 'Person' }).fill('a');
  await page.getByRole('option').first().click();
  await dialog.getByLabel('Reason').fill('Case 12/2026');
  await examine('keeping-hold');
  await dialog.getByRole('button', { name: 'Put under hold' }).click();
  await holds.getByText('Case 12/2026').waitFor();

  const preview = page.getByRole('region', { name: 'What would go now' });
  await preview
    .getByText(/\d entries/)
    .first()
    .waitFor();
  await preview.getByText(/stays? because of/).waitFor();
  await examine('keeping-preview');
  await preview.getByRole('button', { name: 'Archive and delete now' }).click();
  await dialog.getByText('They are written to archives').waitFor();
  await examine('keeping-run');
  await dialog.getByRole('button', { name: 'Archive and delete', exact: true }).click();
  const runs = page.getByRole('region', { name: 'Last runs' });
  await runs.getByText('Done').waitFor({ timeout: 60_000 });
  await preview.getByText('Nothing has been kept for longer than it should be.').waitFor();

  const archives = page.getByRole('region', { name: 'Archives' });
  await archives
    .getByRole('button', { name: /^Verify the archive/ })
    .first()
    .click();
  await archives.getByText('Intact').first().waitFor();
  await examine('keeping-done');

  await holds.getByRole('button', { name: /^Release the hold/ }).click();
  await dialog.getByRole('button', { name: 'Release', exact: true }).click();
  await holds.getByText('released').waitFor();
  expect(visitor.errors).toEqual([]);
}, 300_000);
