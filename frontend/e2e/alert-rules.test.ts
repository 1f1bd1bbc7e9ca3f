import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, visit } from './harness/browser';
import { Client } from './harness/client';
import { examine, pictures } from './harness/examine';
import { looks } from './harness/looks';
import { Server } from './harness/server';

const admin = { username: 'admin', password: 'keytrail-sample' };

let server: Server;
let browser: Browser;
let client: Client;

beforeAll(async () => {
  server = await Server.start({ KEYTRAIL_SAMPLE: '1' });
  browser = await startBrowser();
  client = await Client.signIn(server.url, admin);
  await mkdir(pictures, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

let events = 0;

/** Has some orders deleted. */
async function deleteOrders(count: number): Promise<void> {
  const made = Array.from({ length: count }, () => {
    events += 1;
    return {
      eventId: `deletion-${events}`,
      action: 'order.deleted',
      entityType: 'order',
      entity: String(events),
    };
  });
  await client.ask('mutation($events: [ActivityInput!]!) { recordActivity(events: $events) { recorded } }', {
    events: made,
  });
}

async function openRules(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^Alerts/ }).click();
  await page.getByRole('link', { name: 'Alert rules' }).click();
  await page.getByRole('heading', { name: 'Alert rules', level: 1 }).waitFor();
}

test('a rule is tried, saved, raises an alert at once, and raises none while it is muted', async () => {
  const visitor = await visit(browser, server.url, { reducedMotion: 'reduce' });
  const { page, context, errors } = visitor;
  await signIn(page, admin);
  await deleteOrders(3);
  await openRules(page);
  await page.getByRole('button', { name: 'New rule' }).click();
  const form = page.getByRole('dialog', { name: 'New rule' });

  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('write 1 to 80 characters').waitFor();
  await form.getByLabel('Name', { exact: true }).fill('Orders vanish');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText(/^choose actions, a stream or a source/).waitFor();
  await form.getByLabel('Actions').fill('order.deleted');
  await form.getByLabel('At least how many').fill('3');

  await form.getByRole('button', { name: 'Try on the last 30 days' }).click();
  await form.getByText('1 alert in the last 30 days').waitFor();
  await form.getByRole('button', { name: /^Open entry \d+$/ }).click();
  const entry = page.getByRole('dialog', { name: /^Entry \d+/ });
  await entry.waitFor();
  await page.keyboard.press('Escape');
  await entry.waitFor({ state: 'hidden' });
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'hidden' });
  const row = page.getByRole('listitem', { name: 'Orders vanish' });
  await row.getByText('At least 3 entries within 1 hour').waitFor();

  await page.getByRole('link', { name: 'All alerts' }).click();
  await deleteOrders(1); // with those of before, there are enough
  const alert = page.getByRole('listitem').filter({ hasText: 'Orders vanish' });
  await alert.getByText('3 entries').waitFor();
  await alert.getByRole('button', { name: /^Details/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Alert' });
  await drawer.getByText('Rests on 3 entries').waitFor();
  await drawer.getByLabel('Note').fill('A clearance.');
  await drawer.getByRole('button', { name: 'Resolve' }).click();
  await drawer.getByText('A clearance.').waitFor();
  await drawer.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('link', { name: 'Alert rules' }).click();
  await row.getByRole('button', { name: 'More for Orders vanish' }).click();
  await page.getByRole('menuitem', { name: 'Mute' }).click();
  const mute = page.getByRole('dialog', { name: 'Mute Orders vanish' });
  await mute.getByRole('button', { name: 'Mute' }).click();
  await mute.getByText('write 1 to 500 characters').waitFor();
  await mute.getByLabel('Why').fill('The clearance goes on.');
  await mute.getByRole('button', { name: 'Mute' }).click();
  await row.getByText('Muted', { exact: true }).waitFor();
  await deleteOrders(3);
  await expect
    .poll(
      async () => {
        const answer = await client.ask<{ alertRules: { edges: { node: { mutedCount: number } }[] } }>(
          '{ alertRules { edges { node { mutedCount } } } }',
        );
        return answer.alertRules.edges[0]?.node.mutedCount;
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThan(0);
  await page.getByRole('link', { name: 'All alerts' }).click();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('listitem').first().waitFor();
  expect(await alert.count()).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

test('a built-in rule is muted with a reason, which the alerts page tells, and the mute is ended', async () => {
  const visitor = await visit(browser, server.url, { reducedMotion: 'reduce' });
  const { page, context, errors } = visitor;
  await signIn(page, admin);
  await openRules(page);
  const guarded = page.getByRole('listitem', { name: 'Somebody signed in as root' });
  await guarded.getByText(/^This rule cannot be muted/).waitFor();
  expect(await guarded.getByRole('button').count()).toBe(0);

  const row = page.getByRole('listitem', { name: 'Sign-in from a new place' });
  await row.getByRole('button', { name: 'Mute Sign-in from a new place' }).click();
  const form = page.getByRole('dialog', { name: 'Mute Sign-in from a new place' });
  await form.getByRole('button', { name: 'Mute' }).click();
  await form.getByText('write 1 to 500 characters').waitFor();
  await form.getByLabel('Why').fill('Everybody travels.');
  await form.getByRole('button', { name: 'Mute' }).click();
  await row.getByText('Muted', { exact: true }).waitFor();
  await row.getByText(/: Everybody travels\.$/).waitFor();

  await page.getByRole('link', { name: 'All alerts' }).click();
  const notice = page.getByRole('status').filter({ hasText: /^Muted until/ });
  await notice.getByText(/Sign-in from a new place/).waitFor();
  await page.getByRole('link', { name: 'Alert rules' }).click();
  await row.getByRole('button', { name: 'End mute of Sign-in from a new place' }).click();
  await row.getByRole('button', { name: 'Mute Sign-in from a new place' }).waitFor();
  await page.getByRole('link', { name: 'All alerts' }).click();
  await page.getByRole('link', { name: 'Alert rules' }).waitFor();
  await notice.waitFor({ state: 'hidden' });
  expect(errors).toEqual([]);
  await context.close();
});

test('the pages of rules are accessible and fit', async () => {
  const found: string[] = [];
  for (const look of looks) {
    const visitor = await visit(browser, server.url, { ...look.options, reducedMotion: 'reduce' });
    const { page } = visitor;
    const name = (screen: string) => `${screen}-${look.name}`;
    await signIn(page, admin);
    await page.goto('/alerts/rules');
    await page.getByRole('listitem', { name: 'Orders vanish' }).waitFor();
    found.push(...(await examine(visitor, name('alert-rules'))));
    await page.getByRole('button', { name: /^(Change|Mainīt:) Orders vanish$/ }).click();
    await page.getByRole('button', { name: /^(Try on|Izmēģināt)/ }).click();
    await page.getByRole('list', { name: /^(Alerts by day|Brīdinājumi pa dienām)$/ }).waitFor();
    found.push(...(await examine(visitor, name('alert-rule-form'))));
    expect(visitor.errors).toEqual([]);
    await visitor.context.close();
  }
  expect(found).toEqual([]);
}, 240_000);
