import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from './harness/client';
import { ROOT, Server } from './harness/server';

let server: Server;

beforeAll(async () => {
  server = await Server.start();
});

afterAll(async () => {
  await server?.remove();
});

/** Two of the audits ask for __type, which is for those who are signed in. */
function signedIn({ cookie }: Client): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('Cookie', cookie);
    return fetch(input, { ...init, headers });
  };
}

test('the server passes every audit of GraphQL over HTTP: what must, should and may be', async () => {
  const client = await Client.signIn(server.url, ROOT);
  const results = await auditServer({ url: `${server.url}/graphql`, fetchFn: signedIn(client) });
  const failed = results.filter(({ status }) => status !== 'ok');
  expect(results.length).toBeGreaterThan(50);
  expect(
    failed.map((each) => `${each.status} ${each.id} ${each.name}: ${'reason' in each ? each.reason : ''}`),
  ).toEqual([]);
});
