import { type Client, createClient } from 'graphql-ws';
import type { ConnectionMonitor } from './connection';
import { backoff } from './follow';
import { spoken } from './spoken';

const pingEvery = 10_000;
const pongWithin = 5_000;

/** A websocket that reconnects for ever and tells the monitor how it is doing. */
export function openSocket(url: string, monitor: ConnectionMonitor): Client {
  let pongDue: ReturnType<typeof setTimeout> | undefined;
  const socket = createClient({
    url,
    connectionParams: () => ({ 'Accept-Language': spoken() }),
    keepAlive: pingEvery,
    connectionAckWaitTimeout: pongWithin,
    lazyCloseTimeout: 3_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    // A refused or broken connection is as worth another try as one that was closed.
    shouldRetry: () => true,
    retryWait: (attempt) => waitOrOnline(backoff(attempt) * (0.75 + Math.random() / 2)),
    on: {
      connecting: (again) => monitor.enter(again ? 'lost' : 'connecting'),
      connected: () => monitor.enter('live'),
      closed: () => {
        clearTimeout(pongDue);
        monitor.enter('lost');
      },
      ping: (received) => {
        if (!received) pongDue = setTimeout(() => socket.terminate(), pongWithin);
      },
      pong: (received) => {
        if (received) clearTimeout(pongDue);
      },
    },
  });
  return socket;
}

/** Waits, but not longer than until the browser is back on the network. */
function waitOrOnline(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener('online', done);
  });
}
