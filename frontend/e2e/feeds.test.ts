import { createClient as createSse } from 'graphql-sse';
import { createClient as createWebSocket } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { Client, makeStock, moveAll, type Stock } from './harness/client';
import { Gate } from './harness/gate';
import { ROOT, Server } from './harness/server';

const movements = 1000;
const cuts = 20;
const keys = 10;

const query = 'subscription($after: Cursor) { keyFeed(after: $after) { seq cursor } }';

interface Entry {
  seq: string;
  cursor: string;
}

let server: Server;
let client: Client;
let stock: Stock;

beforeAll(async () => {
  server = await Server.start();
  client = await Client.signIn(server.url, ROOT);
  stock = await makeStock(client, keys);
});

afterAll(() => server.remove());

/** Opens one subscription; it ends when the connection breaks or `stop` is called. */
type Subscribe = (
  port: number,
  after: string | null,
  seen: (entry: Entry) => void,
  ended: () => void,
) => () => void;

const overWebSocket: Subscribe = (port, after, seen, ended) => {
  class WithCookie extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      super(address, protocols, { headers: { Cookie: client.cookie } });
    }
  }
  const socket = createWebSocket({
    url: `ws://127.0.0.1:${port}/graphql`,
    webSocketImpl: WithCookie,
    retryAttempts: 0,
  });
  return socket.subscribe<{ keyFeed: Entry }>(
    { query, variables: { after } },
    { next: (result) => result.data && seen(result.data.keyFeed), error: ended, complete: ended },
  );
};

const overServerSentEvents: Subscribe = (port, after, seen, ended) => {
  const events = createSse({
    url: `http://127.0.0.1:${port}/graphql`,
    headers: { Cookie: client.cookie },
    retryAttempts: 0,
  });
  return events.subscribe<{ keyFeed: Entry }>(
    { query, variables: { after } },
    { next: (result) => result.data && seen(result.data.keyFeed), error: ended, complete: ended },
  );
};

/** Follows keyFeed through a gate that is cut at random places, resuming from the last cursor each time. */
async function followThroughCuts(subscribe: Subscribe, first: string): Promise<Entry[]> {
  const gate = await Gate.start(server.port);
  const cutAt = new Set<number>();
  while (cutAt.size < cuts) cutAt.add(1 + Math.floor(Math.random() * (movements - 1)));
  const seen: Entry[] = [];
  try {
    await new Promise<void>((done) => {
      const follow = () => {
        const after = seen.at(-1)?.cursor ?? first;
        let over = false;
        const end = () => {
          if (over) return;
          over = true;
          if (seen.length < movements) follow();
        };
        const stop = subscribe(
          gate.port,
          after,
          (entry) => {
            if (over) return;
            seen.push(entry);
            if (seen.length === movements) {
              over = true;
              stop();
              done();
            } else if (cutAt.delete(seen.length)) {
              gate.cut();
            }
          },
          end,
        );
      };
      follow();
    });
    expect(gate.cuts).toBe(cuts);
  } finally {
    gate.stop();
  }
  return seen;
}

async function newestCursor(): Promise<string> {
  const { keyLog } = await client.ask<{ keyLog: { edges: { node: Entry }[] } }>(
    '{ keyLog(first: 1) { edges { node { seq cursor } } } }',
  );
  const newest = keyLog.edges[0];
  if (!newest) throw new Error('the log is empty');
  return newest.node.cursor;
}

interface LogPage {
  edges: { node: Entry }[];
  pageInfo: { hasPreviousPage: boolean; startCursor: string | null };
}

async function allSince(cursor: string): Promise<string[]> {
  const seqs: string[] = [];
  let before: string | null = cursor;
  while (before) {
    const { keyLog }: { keyLog: LogPage } = await client.ask(
      'query($before: Cursor) { keyLog(last: 500, before: $before) { edges { node { seq cursor } } pageInfo { hasPreviousPage startCursor } } }',
      { before },
    );
    seqs.push(...keyLog.edges.map((edge) => edge.node.seq).reverse());
    before = keyLog.pageInfo.hasPreviousPage ? keyLog.pageInfo.startCursor : null;
  }
  return seqs;
}

test.each([
  ['a websocket', overWebSocket],
  ['server-sent events', overServerSentEvents],
] as const)(
  '%s that is cut 20 times gives each of 1,000 movements once and in order',
  async (_, subscribe) => {
    const first = await newestCursor();
    const following = followThroughCuts(subscribe, first);
    for (let step = 0; step < movements / keys; step++) await moveAll(client, stock, step);
    const seen = (await following).map((entry) => entry.seq);
    expect(seen).toEqual(await allSince(first));
    expect(seen).toHaveLength(movements);
  },
);
