import { readFileSync } from 'node:fs';
import { Client, fetchExchange, subscriptionExchange, type TypedDocumentNode } from 'urql';
import { expect, it } from 'vitest';
import * as generated from '@/gql/graphql';
import { normalisedCache } from './cache';

const known: Record<string, string> = JSON.parse(
  readFileSync(new URL('../../../documents.json', import.meta.url), 'utf8'),
);

type Operation = TypedDocumentNode<unknown, Record<string, unknown>>;

function operations(): Operation[] {
  return Object.values(generated as Record<string, Operation>).filter(
    (each) => each.kind === 'Document' && each.definitions.some(({ kind }) => kind === 'OperationDefinition'),
  );
}

/** A client with the exchanges of the app, which tells of each text that it would send. */
function telling(sends: (text: string) => void): Client {
  return new Client({
    url: 'http://server/graphql',
    preferGetMethod: false,
    fetch: async (_address, init) => {
      sends(JSON.parse(String(init?.body)).query);
      return new Response('{"data":null}', { headers: { 'content-type': 'application/json' } });
    },
    exchanges: [
      normalisedCache(),
      subscriptionExchange({
        forwardSubscription: ({ query }) => ({
          subscribe: (sink) => {
            sends(query ?? '');
            sink.complete();
            return { unsubscribe: () => {} };
          },
        }),
      }),
      fetchExchange,
    ],
  });
}

function kindOf(document: Operation) {
  const definition = document.definitions.find(({ kind }) => kind === 'OperationDefinition');
  return (definition as { operation: 'query' | 'mutation' | 'subscription' }).operation;
}

/** What the app sends for an operation. */
function textOf(document: Operation): Promise<string> {
  return new Promise((resolve) => {
    telling(resolve)
      [kindOf(document)](document, {})
      .subscribe(() => {});
  });
}

it('every operation is sent as documents.json has it, and nothing else is in there', async () => {
  const sent = await Promise.all(operations().map(textOf));
  expect(sent.sort()).toEqual(Object.values(known).sort());
});
