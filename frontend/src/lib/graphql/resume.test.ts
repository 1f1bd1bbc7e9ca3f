import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createClient } from 'graphql-ws';
import { useServer as serve } from 'graphql-ws/use/ws';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { follow, type Later } from './follow';

// The server loads graphql as CommonJS; a schema made with the other copy would be foreign to it.
const { buildSchema } = createRequire(import.meta.url)('graphql') as typeof import('graphql');

const schema = buildSchema(`
  type Query { ok: Boolean }
  type Entry { cursor: String! }
  type Subscription { keyFeed(after: String): Entry! }
`);

const total = 400;

/** Sends the entries after the one asked for, in small portions. */
async function* entriesAfter(after: string | null) {
  for (let number = after === null ? 1 : Number(after) + 1; number <= total; number++) {
    if (number % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    yield { keyFeed: { cursor: String(number) } };
  }
  await new Promise(() => {});
}

/** A websocket server; it cuts every connection after some frames. */
async function openServer(port = 0): Promise<Server> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, path: '/graphql' });
  serve(
    {
      schema,
      roots: { subscription: { keyFeed: ({ after }: { after: string | null }) => entriesAfter(after) } },
    },
    sockets,
  );
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

const later: Later = (run) => {
  const timer = setTimeout(run, 1);
  return () => clearTimeout(timer);
};

it('a feed over a real socket that is cut again and again brings every entry once, in order', async () => {
  const server = await openServer();
  const sockets = new Set<WebSocket>();
  class Cuttable extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols);
      sockets.add(this);
    }
  }
  const client = createClient({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    webSocketImpl: Cuttable,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: () => Promise.resolve(),
  });
  const seen: string[] = [];
  let cuts = 0;
  await new Promise<void>((done) => {
    const stop = follow(
      (request, sink) => client.subscribe(request, sink as never),
      {
        query: 'subscription ($after: String) { keyFeed(after: $after) { cursor } }',
        variables: { after: null },
      },
      {
        next: ({ data }) => {
          seen.push(String((data?.keyFeed as { cursor: string } | undefined)?.cursor));
          if (seen.length === total) {
            stop();
            return done();
          }
          if (seen.length % 37 === 0) {
            cuts += 1;
            for (const socket of sockets) socket.terminate();
            sockets.clear();
          }
        },
        ended: (failure) => expect.unreachable(failure.message),
      },
      later,
    );
  });
  await client.dispose();
  server.closeAllConnections();
  server.close();
  expect(cuts).toBeGreaterThan(5);
  expect(seen).toEqual(Array.from({ length: total }, (_, index) => String(index + 1)));
});
