import type { Page } from 'playwright-core';
import { Client } from './client';
import { ROOT, type Server } from './server';

/** Has a server record work, also of workstations without a token on this machine. */
export const recordsWork = {
  KEYTRAIL_WORK_HOURS_PURPOSE: 'Virsstundu uzskaite',
  KEYTRAIL_WORK_HOURS_NETWORKS: '127.0.0.1',
};

/** Who works beside root in {@link seedHours}, each in a department. */
const workers = [
  { name: 'Anna Eglīte', department: 'Facilities' },
  { name: 'Dace Kļaviņa', department: 'Laboratories' },
  { name: 'Jānis Bērziņš', department: 'Laboratories' },
];
const dayMs = 86_400_000;
const hourMs = 3_600_000;

interface Report {
  eventId: string;
  user: string;
  state: 'WORKING' | 'STOPPED';
  at: string;
  workstation: string;
}

/** Work from an hour of UTC on, some hours, a number of days ago. */
function shift(user: string, daysAgo: number, hours: number): Report[] {
  const begin = Math.floor(Date.now() / dayMs - daysAgo) * dayMs + 6 * hourMs;
  const at = (instant: number) => new Date(instant).toISOString();
  const workstation = `${user}-PC`;
  return [
    { eventId: `${user}-${daysAgo}-from`, user, state: 'WORKING', at: at(begin), workstation },
    { eventId: `${user}-${daysAgo}-to`, user, state: 'STOPPED', at: at(begin + hours * hourMs), workstation },
  ];
}

/**
 * Has root work for most of a year on a server without the sample, three others for a week, one of them now and without a
 * token, and somebody whom nobody knows.
 */
export async function seedHours(server: Server): Promise<void> {
  const client = await Client.signIn(server.url, ROOT);
  const { viewer } = await client.ask<{ viewer: { person: { id: string } } }>('{ viewer { person { id } } }');
  const users = ['ACME\\u0', 'ACME\\u1', 'ACME\\u2', 'ACME\\u3'];
  const externalNames = (n: number) => [{ source: 'workstation', name: users[n] }];
  await client.ask('mutation($input: UpdatePersonInput!) { updatePerson(input: $input) { person { id } } }', {
    input: { id: viewer.person.id, externalNames: externalNames(0) },
  });
  for (const [n, worker] of workers.entries()) {
    await client.ask(
      'mutation($input: CreatePersonInput!) { createPerson(input: $input) { person { id } } }',
      {
        input: { ...worker, externalNames: externalNames(n + 1) },
      },
    );
  }
  const year = Array.from({ length: 230 }, (_, n) => shift('ACME\\u0', n + 1, 1 + ((n * 5) % 9)));
  const week = users.slice(1).flatMap((user, n) => [1, 2, 3, 4, 5].map((day) => shift(user, day, 4 + n)));
  await report(client, [...year, ...week].flat());
  const since = new Date(Date.now() - 1.5 * hourMs).toISOString();
  for (const user of [users[1], 'ACME\\ziemelis']) await reportBare(server, user ?? '', since);
  await client.ask('mutation { recomputeWorkHours { days } }');
}

async function report(client: Client, reports: Report[]): Promise<void> {
  const { createApiToken } = await client.ask<{ createApiToken: { token: string } }>(
    'mutation { createApiToken(input: { name: "Desks", role: "integrator", source: "workstation" }) { token } }',
  );
  const answer = await fetch(`${client.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${createApiToken.token}` },
    body: JSON.stringify({
      query: 'mutation($reports: [WorkReportInput!]!) { reportWork(reports: $reports) { recorded } }',
      variables: { reports },
    }),
  });
  const text = await answer.text();
  if (!text.includes(`"recorded":${reports.length}`)) throw new Error(text);
}

/** Reports work without a token, as the older client does. */
export async function reportBare(server: Server, user: string, ts: string): Promise<void> {
  const answer = await fetch(`${server.url}/api/report`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user, state: 'working', ts }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
}

/** The day of UTC before this one, on which everybody of the seed worked from 06:00 UTC on. */
export function workedDay(): string {
  return new Date(Math.floor(Date.now() / dayMs - 1) * dayMs).toISOString().slice(0, 10);
}

/** An hour of UTC of that day as clocks of a zone show it, such as 08:00. */
export function clockOf(hour: number, timeZone: string): string {
  const at = new Date(Date.parse(`${workedDay()}T00:00:00Z`) + hour * hourMs);
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at);
}

/** Has a picture show what is below the head of the page, where that fills a phone's screen. */
async function showTools(page: Page): Promise<void> {
  await page.locator('#hours-period').evaluate((title) => title.scrollIntoView());
}

/** Every view of hours with something in it, where {@link seedHours} was. */
export const hourScreens: [string, (page: Page, zone: string) => Promise<void>][] = [
  [
    'hours-day',
    async (page, zone) => {
      await page.goto(`/hours?day=${workedDay()}`);
      for (const hours of [1, 4, 5, 6]) {
        const span = `${clockOf(6, zone)} – ${clockOf(6 + hours, zone)} · `;
        await page.getByText(span).first().waitFor({ state: 'attached' });
      }
      await page.getByText('ACME\\ziemelis').first().waitFor();
      await showTools(page);
    },
  ],
  [
    'hours-week',
    async (page) => {
      await page.goto(`/hours?by=week&day=${workedDay()}`);
      await page.getByRole('row').nth(4).waitFor();
      await showTools(page);
    },
  ],
  [
    'hours-month',
    async (page) => {
      await page.goto(`/hours?by=month&day=${workedDay()}`);
      await page.getByRole('row').nth(4).waitFor();
      await showTools(page);
    },
  ],
  [
    'hours-year',
    async (page) => {
      await page.goto(`/hours?by=year&day=${workedDay()}`);
      await page.locator('li[data-level="1"], li[data-level="3"]').first().waitFor();
      await showTools(page);
    },
  ],
  [
    'hours-assign',
    async (page) => {
      await page.goto('/hours');
      await page.getByRole('button', { name: /^(Assign ACME|Piešķirt personai: ACME)/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: /^(Assign|Piešķirt)$/ }).click();
      await dialog.getByText(/^(Choose who it is\.|Izvēlieties, kas tas ir\.)$/).waitFor();
    },
  ],
  [
    'hours-correct',
    async (page) => {
      await page.goto('/hours');
      await page.getByRole('button', { name: /^(Correct hours|Labot stundas)$/ }).click();
      await page
        .getByRole('dialog')
        .getByLabel(/^(Reason|Iemesls)$/)
        .waitFor();
    },
  ],
];
