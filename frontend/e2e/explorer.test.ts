import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './harness/axe';
import { signIn, startBrowser, visit } from './harness/browser';
import { Client } from './harness/client';
import { Server } from './harness/server';

const admin = { username: 'admin', password: 'keytrail-sample' };
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

test('a figure of the overview leads to exactly the entries that it counts', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  const past = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10); // nothing is added to it meanwhile
  await page.goto(`/timeline?streams=KEY&to=${past}`);
  await page.getByRole('link', { name: 'Overview' }).click();
  expect(new URL(page.url()).searchParams.get('streams')).toBe('KEY');

  const issued = page.getByRole('table', { name: 'Action' }).getByRole('row', { name: /^Issued/ });
  const count = (await issued.getByRole('cell').last().innerText()).trim();
  await issued.getByRole('link').click();
  await page.getByText(new RegExp(`^${count} entries from `)).waitFor();
  expect(new URL(page.url()).searchParams.get('action')).toBe('key.issued');

  await page.goBack();
  const hours = page.getByRole('table', { name: 'By day and hour' });
  const cell = hours.getByRole('link').first();
  const total = /: (\S+) entries$/.exec((await cell.getAttribute('aria-label')) ?? '')?.[1];
  await cell.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.getByText(new RegExp(`^${total} entr(y|ies) from `)).waitFor();
  await context.close();
  expect(errors).toEqual([]);
});

test('around an entry stands what else happened, and who held which keys then', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.goto('/timeline?action=key.issued');
  await page
    .getByRole('button', { name: /^Details and proof/ })
    .first()
    .click();
  const drawer = page.getByRole('dialog', { name: /^Entry \d+/ });
  const key = await drawer.getByRole('link').first().innerText();
  const title = await drawer.getByRole('heading', { level: 2 }).innerText();

  await drawer.getByText('Around it').click();
  await drawer.getByRole('heading', { name: / at that time$/ }).waitFor();
  await drawer.getByRole('link', { name: key.split(' ')[0] ?? '', exact: true }).waitFor();
  await drawer.getByText('Signed in', { exact: true }).first().waitFor();
  expect(await violationsOf(page)).toEqual([]);

  const history = drawer
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: /^History of/ }) });
  await history.getByRole('button').first().click();
  await expect.poll(() => drawer.getByRole('heading', { level: 2 }).innerText(), patience).not.toBe(title);
  await context.close();
  expect(errors).toEqual([]);
});

test('who acted leads to as many entries as are counted for him', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  const day = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10); // nothing more arrives
  await page.goto(`/timeline?from=${day}&to=${day}&streams=AUTH`);
  const facets = page.getByRole('complementary', { name: 'What the entries are' });
  const first = facets
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Who acted' }) })
    .getByRole('button')
    .first();
  const [name = '', count = ''] = (await first.innerText()).split('\n');
  await first.click();
  await page.getByText(new RegExp(`^${count} entr(y|ies) from `)).waitFor();
  expect(new URL(page.url()).searchParams.get('actor')).toMatch(/^[0-9a-f-]{36}$/);
  await facets.getByRole('button', { name, pressed: true }).waitFor();
  const filter = page.getByRole('combobox', { name: 'Filter', exact: true });
  await expect.poll(() => filter.inputValue(), patience).toContain(`actor:"${name}"`);
  await context.close();
  expect(errors).toEqual([]);
});

test('a filter is kept under a name, opened again, renamed and deleted', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.goto('/timeline?streams=AUTH&outcome=FAILURE');
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('menuitem', { name: 'Save this filter' }).click();
  await page.getByLabel('Name').fill('Who failed');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Who failed' }).waitFor();

  await page.goto('/timeline');
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('menuitem', { name: 'Who failed' }).click();
  await page.getByRole('button', { name: 'Who failed' }).waitFor();
  const { searchParams } = new URL(page.url());
  expect([searchParams.get('streams'), searchParams.get('outcome')]).toEqual(['AUTH', 'FAILURE']);

  await page.getByRole('button', { name: 'Who failed' }).click();
  await page.getByRole('menuitem', { name: 'Rename or delete views' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rename or delete views' });
  await dialog.getByLabel('Name of Who failed').fill('Failures');
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await dialog.getByRole('button', { name: 'Delete Failures' }).click();
  await dialog.getByText('No view is saved yet').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Saved views' }).waitFor();
  await context.close();
  expect(errors).toEqual([]);
});

test('a bulk change is found by each thing that it touched, and leads to what else happened to it', async () => {
  const client = await Client.signIn(server.url, admin);
  const objects = Array.from({ length: 40 }, (_, i) => ({ type: 'order', id: `B-${i}` }));
  const events = [
    { eventId: 'bulk', action: 'orders.closed', objects },
    { eventId: 'one', action: 'order.opened', entityType: 'order', entity: 'B-39' },
    { eventId: 'other', action: 'order.opened', entityType: 'order', entity: 'B-40' },
  ];
  await client.ask('mutation($events: [ActivityInput!]!) { recordActivity(events: $events) { recorded } }', {
    events,
  });

  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.goto('/timeline?entityType=order&entity=B-7');
  await page.getByText(/^1 entry from /).waitFor();
  await page.getByRole('button', { name: /^Details and proof/ }).click();
  const drawer = page.getByRole('dialog', { name: /^Entry \d+/ });
  await drawer.getByRole('link', { name: 'order B-19', exact: true }).waitFor();
  expect(await drawer.getByRole('link', { name: 'order B-20', exact: true }).count()).toBe(0);
  await drawer.getByRole('button', { name: 'Show all 40' }).click();
  expect(await violationsOf(page)).toEqual([]);
  await drawer.getByRole('link', { name: 'order B-39', exact: true }).click();
  await page.getByText(/^2 entries from /).waitFor();
  expect(new URL(page.url()).searchParams.get('entity')).toBe('B-39');
  await context.close();
  expect(errors).toEqual([]);
});

test('what happens now comes on top of the timeline, if the filter lets it through', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.goto('/timeline?action=auth.sign_in_failed');
  await page
    .getByRole('button', { name: /^Details and proof/ })
    .first()
    .waitFor();
  await expect
    .poll(async () => {
      await Client.signIn(server.url, { username: 'member', password: 'not the password' }).catch(
        () => undefined,
      );
      return page.locator('li[data-fresh]').count();
    }, patience)
    .toBeGreaterThan(0);
  expect(await page.locator('li[data-fresh]').filter({ hasNotText: 'Sign-in failed' }).count()).toBe(0);
  await context.close();
  expect(errors).toEqual([]);
});

test('what is being read stays in its place while something arrives', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.goto('/timeline');
  const row = page.locator('li[data-row]').nth(30);
  await row.scrollIntoViewIfNeeded();
  const id = await row.getAttribute('data-row');
  const place = () => page.locator(`li[data-row="${id}"]`).evaluate((it) => it.getBoundingClientRect().top);
  const before = await place();
  await expect
    .poll(async () => {
      await Client.signIn(server.url, admin);
      return page.locator('li[data-fresh]').count();
    }, patience)
    .toBeGreaterThan(0);
  expect(Math.abs((await place()) - before)).toBeLessThan(2);
  await context.close();
  expect(errors).toEqual([]);
});

test('a filter is typed with completion, and what is wrong with it is told', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.goto('/timeline?streams=KEY');
  const filter = page.getByRole('combobox', { name: 'Filter', exact: true });
  await expect.poll(() => filter.inputValue(), patience).toBe('in:Keys');
  await page
    .getByRole('button', { name: /^Details and proof/ })
    .first()
    .waitFor();

  await page.keyboard.press('/');
  await page.keyboard.press('End');
  await page.keyboard.type(' acti');
  await page.getByRole('option', { name: 'action:' }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('issued');
  await page.getByRole('option', { name: /^Issued/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('person:');
  const somebody = page.getByRole('option').first();
  await expect.poll(() => somebody.innerText(), patience).not.toContain(':');
  const name = await somebody.innerText();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('from:-30d');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('action'), patience).toBe('key.issued');
  const { searchParams } = new URL(page.url());
  expect(searchParams.get('streams')).toBe('KEY');
  expect(searchParams.get('person')).toMatch(/^[0-9a-f-]{36}$/);
  expect(searchParams.get('from')).toMatch(/^\d{4}-\d\d-\d\d$/);
  await page.reload();
  await expect.poll(() => filter.inputValue(), patience).toContain(`person:"${name}"`);

  await filter.fill('persn:Anna');
  await filter.press('Enter');
  await page.getByText('There is no condition persn.').waitFor();
  await filter.fill('person:"Nobody Atall"');
  await filter.press('Enter');
  await page.getByText('Nobody called Nobody Atall was found.').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await filter.fill('');
  await filter.press('Enter');
  await expect.poll(() => new URL(page.url()).search, patience).toBe('');

  await filter.fill('action:Issued from:yesterday');
  await filter.press('Escape'); // what is offered covers the parts
  await page.getByRole('group', { name: 'Parts of the record' }).getByText('Keys', { exact: true }).click();
  await expect.poll(() => filter.inputValue(), patience).toBe('in:Keys action:Issued from:yesterday');
  await filter.press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('action'), patience).toBe('key.issued');
  await page.goBack();
  await expect.poll(() => new URL(page.url()).search, patience).not.toContain('action');
  await expect.poll(() => filter.inputValue(), patience).toBe('in:Keys');
  await context.close();
  expect(errors).toEqual([]);
});

test('what is counted follows what arrives', async () => {
  const client = await Client.signIn(server.url, admin);
  const record = (eventId: string) =>
    client.ask('mutation($events: [ActivityInput!]!) { recordActivity(events: $events) { recorded } }', {
      events: [{ eventId, action: 'counted.live', module: 'lighthouse' }],
    });
  await record('live-1');
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.goto('/timeline?action=counted.live');
  await page.getByText(/^1 entry from /).waitFor();
  await record('live-2');
  await page.getByText(/^2 entries from /).waitFor();
  const facets = page.getByRole('complementary', { name: 'What the entries are' });
  await expect
    .poll(() => facets.getByRole('button', { name: /^lighthouse/ }).innerText(), patience)
    .toMatch(/2$/);
  await context.close();
  expect(errors).toEqual([]);
});

test('Enter behind a value that was only begun takes what completes it', async () => {
  const { page, context, errors } = await visit(browser, server.url);
  await signIn(page, admin);
  await page.goto('/timeline?streams=KEY');
  const filter = page.getByRole('combobox', { name: 'Filter', exact: true });
  await filter.fill('action:key.is');
  await page.getByRole('option', { name: /^Issued/ }).waitFor();
  await filter.press('Enter');
  await expect.poll(() => filter.inputValue(), patience).toBe('action:key.issued ');
  await filter.press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('action'), patience).toBe('key.issued');
  await context.close();
  expect(errors).toEqual([]);
});

test('on a phone the filters are folded behind a button that tells how many conditions are set', async () => {
  const viewport = { width: 360, height: 740 };
  const { page, context, errors } = await visit(browser, server.url, { viewport });
  await signIn(page, admin);
  await page.goto('/timeline?streams=KEY&action=key.issued');
  const fold = page.getByRole('button', { name: 'Filters: 2 conditions set' });
  await fold.waitFor();
  const parts = page.getByRole('group', { name: 'Parts of the record' });
  expect(await parts.isVisible()).toBe(false);
  await fold.press('Enter');
  await parts.waitFor();
  expect(await fold.getAttribute('aria-expanded')).toBe('true');
  expect(await violationsOf(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await fold.waitFor({ state: 'hidden' });
  expect(await parts.isVisible()).toBe(true);
  await context.close();
  expect(errors).toEqual([]);
});
