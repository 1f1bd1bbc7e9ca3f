import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Server } from './harness/server';

/** Audits of graphql-http that need not pass, and do not: each is explained in docs/graphql-over-http.md. */
const explained: readonly string[] = [];

let server: Server;

beforeAll(async () => {
  server = await Server.start();
});

afterAll(async () => {
  await server?.remove();
});

test('the server passes the audits of GraphQL over HTTP', async () => {
  const results = await auditServer({ url: `${server.url}/graphql`, fetchFn: fetch });
  const failed = results.filter(({ status }) => status !== 'ok');
  const words = failed.map(
    (each) => `${each.status} ${each.id} ${each.name}: ${'reason' in each ? each.reason : ''}`,
  );
  expect(results.length).toBeGreaterThan(50);
  expect(words.filter((line) => !explained.some((id) => line.includes(id)))).toEqual([]);
});
