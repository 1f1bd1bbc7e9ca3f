import { Client, fetchExchange, mapExchange, subscriptionExchange } from 'urql';
import { normalisedCache } from './cache';
import { ConnectionMonitor } from './connection';
import { failureOf } from './failure';
import { type FeedRequest, type FeedResult, follow, type Later } from './follow';
import { refuseWhileOffline } from './offline';
import { openSocket } from './socket';
import { spoken } from './spoken';

/** Everything that belongs to one session: made anew after signing in and out, so that nothing leaks across. */
export interface Transport {
  client: Client;
  monitor: ConnectionMonitor;
  close(): void;
}

const answerWithin = 30_000;

/**
 * Opens the way to the server.
 *
 * @param unauthenticated is called when an answer or a feed says that nobody is signed in any more
 * @param forbidden is called when a feed ends because its reader may not see it any more
 * @param endpoint is where the server answers
 */
export function openTransport(
  unauthenticated: () => void,
  forbidden: () => void = () => {},
  endpoint = '/graphql',
): Transport {
  const monitor = new ConnectionMonitor();
  const socket = openSocket(socketAddress(window.location, endpoint), monitor);
  const client = new Client({
    url: endpoint,
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetch: fetchWithin(answerWithin),
    fetchOptions: { credentials: 'same-origin' },
    exchanges: [
      mapExchange({
        onError(error, operation) {
          const signingIn = operation.kind === 'mutation';
          if (!signingIn && failureOf(error).code === 'UNAUTHENTICATED') unauthenticated();
        },
      }),
      refuseWhileOffline(),
      normalisedCache(),
      subscriptionExchange({
        forwardSubscription: (operation) => ({
          subscribe: (sink) => {
            const request: FeedRequest = {
              query: operation.query ?? '',
              operationName: operation.operationName,
              variables: { ...operation.variables },
            };
            const unsubscribe = follow(
              (payload, receiver) => socket.subscribe<Record<string, unknown>>(payload, receiver),
              request,
              {
                next: (result) => {
                  monitor.event();
                  sink.next(result as Parameters<typeof sink.next>[0]);
                },
                ended: (failure) => {
                  if (failure.code === 'UNAUTHENTICATED') unauthenticated();
                  if (failure.code === 'FORBIDDEN') forbidden();
                  sink.next({ errors: [endedError(failure.code, failure.message)] } as FeedResult as never);
                  sink.complete();
                },
              },
              later,
            );
            return { unsubscribe };
          },
        }),
      }),
      fetchExchange,
    ],
  });
  return { client, monitor, close: () => socket.dispose() };
}

const endedError = (code: string, message: string) => ({ message, extensions: { code } });

const later: Later = (run, milliseconds) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

function socketAddress(location: Location, endpoint: string): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${endpoint}`;
}

function fetchWithin(milliseconds: number): typeof fetch {
  return (input, init) => {
    const limit = AbortSignal.timeout(milliseconds);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const headers = new Headers(init?.headers);
    headers.set('Accept-Language', spoken());
    return fetch(input, { ...init, headers, signal });
  };
}
