import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signIn, startBrowser, visit } from './harness/browser';
import { examine, pictures } from './harness/examine';
import { hourScreens, recordsWork, reportBare, seedHours, workedDay } from './harness/hours';
import { ROOT, Server } from './harness/server';
import { EnglishFinder } from './harness/texts';

const large = { width: 1440, height: 900 };
const small = { width: 360, height: 740 };
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
  await mkdir(pictures, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
});

/** The rows of the grid: the real hours of each cell, the row's total last; without its head. */
function realHoursOf(page: Page): Promise<number[][]> {
  return page
    .getByRole('row')
    .filter({ has: page.getByRole('cell') })
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('[role="cell"]')].map((cell) =>
          Number(cell.querySelector('b > [aria-hidden]')?.textContent ?? 0),
        ),
      ),
    );
}

/** Names of persons and months that are too low to be hit with a finger. */
function smallTargets(page: Page): Promise<string[]> {
  return page
    .locator('main :is(li span, [role="rowheader"], [role="rowheader"] span) > button, main h3 a')
    .evaluateAll((targets) =>
      targets
        .map((target) => ({ name: target.textContent, height: target.getBoundingClientRect().height }))
        .filter(({ height }) => height > 0 && height < 24)
        .map(({ name, height }) => `${name} is ${height} px high`),
    );
}

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);

describe.each([
  { zone: 'Asia/Dubai', english: large, latvian: small },
  { zone: 'Europe/Riga', english: small, latvian: large },
])('hours by clocks of $zone', ({ zone, english, latvian }) => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start({ ...recordsWork, KEYTRAIL_TIME_ZONE: zone });
    await seedHours(server);
  }, 180_000);

  afterAll(async () => {
    await server?.remove();
  });

  test.each([
    { locale: 'en-GB', viewport: english, colorScheme: 'light' } as const,
    { locale: 'lv-LV', viewport: latvian, colorScheme: 'dark' } as const,
  ])(
    'every view shows them in $locale, is accessible and fits $viewport.width px',
    async (look) => {
      const visitor = await visit(browser, server.url, { ...look, reducedMotion: 'reduce' });
      visitor.context.setDefaultTimeout(60_000);
      const { page } = visitor;
      await signIn(page, ROOT);
      const found: string[] = [];
      const texts = new EnglishFinder(page);
      for (const [screen, open] of hourScreens) {
        await open(page, zone);
        found.push(...(await examine(visitor, `${screen}-${look.viewport.width}-${zone.split('/')[1]}`)));
        found.push(...(await smallTargets(page)).map((text) => `${screen}: ${text}`));
        if (look.locale === 'lv-LV') found.push(...(await texts.find()).map((text) => `${screen}: ${text}`));
        if (screen !== 'hours-week') continue;
        const rows = await realHoursOf(page);
        expect(rows.length).toBeGreaterThan(3);
        for (const row of rows) expect(sum(row.slice(0, -1))).toBe(row.at(-1));
        expect(sum(rows.slice(0, -1).map((row) => row.at(-1) ?? 0))).toBe(rows.at(-1)?.at(-1));
      }
      await visitor.context.close();
      expect(found).toEqual([]);
      expect(visitor.errors).toEqual([]);
    },
    300_000,
  );

  test('who begins to work is shown at once, a correction counts, strangers go, and all of it is exported', async () => {
    const { page, context, errors } = await visit(browser, server.url);
    context.setDefaultTimeout(60_000);
    await signIn(page, ROOT);
    await page.goto(`/hours?day=${workedDay()}`);

    const now = page.getByRole('region', { name: /^At work now/ }).getByRole('listitem');
    await expect.poll(() => now.count(), { timeout: 30_000 }).toBe(1);
    await reportBare(server, 'ACME\\u2', new Date().toISOString());
    await expect.poll(() => now.count(), { timeout: 30_000 }).toBe(2);

    await page
      .getByRole('button', { name: /^Correct the hours of / })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('From', { exact: true }).fill(`${workedDay()}T20:00`);
    await dialog.getByLabel('To', { exact: true }).fill(`${workedDay()}T21:30`);
    await dialog.getByRole('button', { name: 'Correct' }).click();
    await dialog.getByText('Say why.').waitFor();
    await dialog.getByLabel('Reason').fill('At a meeting');
    await dialog.getByRole('button', { name: 'Correct' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Compute now' }).click();
    await page
      .getByText('20:00 – 21:30 · Worked · Corrected by a manager')
      .waitFor({ state: 'attached', timeout: 60_000 });

    await page.getByRole('button', { name: 'Dismiss ACME\\ziemelis' }).click();
    await page.getByText('ACME\\ziemelis waits no more').waitFor();
    await page.getByRole('region', { name: 'Users whom nobody is known by' }).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('menuitem', { name: 'CSV' }).click();
    const file = page.getByRole('link', { name: 'Download Working hours: CSV' });
    await file.waitFor();
    const text = await (await page.request.get((await file.getAttribute('href')) ?? '')).text();
    expect(text.split('\n').filter((line) => line.includes(workedDay()))).toHaveLength(4);
    await context.close();
    expect(errors).toEqual([]);
  }, 300_000);

  test('a department is looked at alone', async () => {
    const department = 'Laboratories';
    const { page, context, errors } = await visit(browser, server.url);
    context.setDefaultTimeout(60_000);
    await signIn(page, ROOT);
    await page.goto(`/hours?day=${workedDay()}`);
    const field = page.locator('input[aria-label="Department"]');
    await field.fill(department);
    await page.getByRole('option', { name: department }).first().click();
    await expect.poll(() => page.url(), { timeout: 15_000 }).toContain('department=');
    const shown = page
      .getByRole('listitem')
      .filter({ has: page.getByRole('list', { name: /^Working times of / }) });
    const elsewhere = shown.filter({ hasNotText: department });
    await expect.poll(() => elsewhere.count(), { timeout: 15_000 }).toBe(0);
    await expect.poll(() => shown.count(), { timeout: 15_000 }).toBe(2);
    await context.close();
    expect(errors).toEqual([]);
  }, 120_000);
});
