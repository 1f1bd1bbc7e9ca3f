import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { examine, pictures } from './harness/examine';
import { Server } from './harness/server';

const admin = { username: 'admin', password: 'keytrail-sample' };

let beside: string;
let server: Server;
let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  beside = await mkdtemp(join(tmpdir(), 'keytrail-e2e-backups-'));
  await writeFile(join(beside, 'phrase'), 'twelve otters in a row\n', { mode: 0o600 });
  await mkdir(pictures, { recursive: true });
  server = await Server.start({
    KEYTRAIL_SAMPLE: '1',
    KEYTRAIL_BACKUP_DIR: join(beside, 'backups'),
    KEYTRAIL_BACKUP_PASSPHRASE_FILE: join(beside, 'phrase'),
  });
  browser = await startBrowser();
  visitor = await visit(browser, server.url, {
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  await signIn(visitor.page, admin);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
  await rm(beside, { recursive: true, force: true });
});

const looks = [
  { width: 1440, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
] as const;

/** Holds the page to accessibility rules and to its own width, wide and light, and narrow and dark. */
async function look(name: string): Promise<void> {
  const { page } = visitor;
  for (const { width, colorScheme } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    expect(await examine(visitor, `${name}-${width}-${colorScheme}`)).toEqual([]);
    const backups = page.getByRole('region', { name: 'Backups' });
    await backups.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('a backup is made when somebody asks for one, and one that cannot be made says why', async () => {
  const { page } = visitor;
  await page.goto('/keeping');
  const backups = page.getByRole('region', { name: 'Backups' });
  await backups.getByText('One is made each day at 01:00 (Europe/Riga).').waitFor();
  const rows = backups.getByRole('listitem');
  await rows.filter({ hasText: 'by itself' }).getByText('Made', { exact: true }).waitFor({ timeout: 60_000 });
  const button = backups.getByRole('button', { name: 'Make a backup now' });
  await expect.poll(() => button.isEnabled(), { timeout: 15_000 }).toBe(true);
  await button.focus();
  await page.keyboard.press('Enter');
  const asked = rows.filter({ hasText: 'asked for by' });
  await asked.getByText('Made', { exact: true }).waitFor({ timeout: 60_000 });
  await asked.getByText('read again and found as written').waitFor();
  await asked.getByText(/^keytrail-.*\.keytrail-backup$/).waitFor();
  expect(await readdir(join(beside, 'backups'))).toHaveLength(2);
  await look('backups');

  await rm(join(beside, 'phrase'));
  await button.click();
  const failed = rows.filter({ hasText: 'Failed' });
  await failed.getByText(/phrase/).waitFor({ timeout: 60_000 });
  await look('backup-failed');
  expect(await readdir(join(beside, 'backups'))).toHaveLength(2);
  expect(visitor.errors).toEqual([]);
}, 240_000);
