import { Client } from './client';
import type { Server } from './server';

/** Has a server record work, also of workstations without a token on this machine. */
export const recordsWork = {
  KEYTRAIL_WORK_HOURS_PURPOSE: 'Virsstundu uzskaite',
  KEYTRAIL_WORK_HOURS_NETWORKS: '127.0.0.1',
};

const admin = { username: 'admin', password: 'keytrail-sample' };
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
 * Has the sample's admin work for most of a year, three others for a week, one of them now and without a token, and
 * somebody whom nobody knows.
 */
export async function seedHours(server: Server): Promise<void> {
  const client = await Client.signIn(server.url, admin);
  const { viewer, people } = await client.ask<{
    viewer: { person: { id: string } };
    people: { edges: { node: { id: string } }[] };
  }>('{ viewer { person { id } } people(first: 4) { edges { node { id } } } }');
  const others = people.edges.map(({ node }) => node.id).filter((id) => id !== viewer.person.id);
  const persons = [viewer.person.id, ...others.slice(0, 3)];
  const users = persons.map((_, n) => `ACME\\u${n}`);
  for (const [n, id] of persons.entries()) {
    await client.ask(
      'mutation($input: UpdatePersonInput!) { updatePerson(input: $input) { person { id } } }',
      { input: { id, externalNames: [{ source: 'workstation', name: users[n] }] } },
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

async function reportBare(server: Server, user: string, ts: string): Promise<void> {
  const answer = await fetch(`${server.url}/api/report`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user, state: 'working', ts }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
}
