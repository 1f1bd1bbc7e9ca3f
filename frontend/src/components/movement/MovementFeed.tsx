import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { type FragmentType, graphql } from '@/gql';
import { useSession } from '@/lib/session/session';
import type { MovementFragment } from './movement';

const FeedStartDocument = graphql(`
  query MovementFeedStart {
    keyLog(first: 1) {
      edges {
        node {
          id
          cursor
          recordedAt
        }
      }
    }
  }
`);

const MovementFeedDocument = graphql(`
  subscription MovementFeed($after: Cursor) {
    keyFeed(after: $after) {
      id
      cursor
      ...Movement
      key {
        ...KeyLive
      }
    }
  }
`);

/** What of a key a movement changes, or what a list may show of it; kept current in the cache by the feed. */
export const KeyLiveFragment = graphql(`
  fragment KeyLive on Key {
    id
    number
    label
    category
    building
    floor
    room
    cabinet
    hook
    state
    version
    retiredAt
    groups {
      id
      name
    }
    loan {
      id
      issuedAt
      dueAt
      overdue
      holder {
        id
        name
      }
      issuedBy {
        id
        name
      }
    }
  }
`);

type Entry = FragmentType<typeof MovementFragment>;
type Listener = (entry: Entry) => void;

const FeedContext = createContext<Set<Listener> | null>(null);

/**
 * Owns the one subscription to movements: it keeps keys in the cache current and hands each entry to whoever
 * listens. It starts after the newest entry known, so that nothing recorded meanwhile is missed.
 */
export function MovementFeed({ children }: { children: ReactNode }) {
  const client = useClient();
  const { monitor, permissions, clockOffset } = useSession();
  const [listeners] = useState(() => new Set<Listener>());
  const allowed = permissions.has('LOGS_KEYS_VIEW');

  useEffect(() => {
    if (!allowed) return;
    let stop = () => {};
    let left = false;
    const start = async () => {
      const newest = await client.query(FeedStartDocument, {}, { requestPolicy: 'network-only' }).toPromise();
      if (left) return;
      const entry = newest.data?.keyLog.edges[0]?.node;
      if (entry) monitor.event(Date.parse(entry.recordedAt) - clockOffset);
      stop = client
        .subscription(MovementFeedDocument, { after: entry?.cursor ?? null })
        .subscribe(({ data }) => {
          if (!data) return;
          for (const listener of listeners) listener(data.keyFeed);
        }).unsubscribe;
    };
    start();
    return () => {
      left = true;
      stop();
    };
  }, [client, listeners, monitor, allowed, clockOffset]);

  return <FeedContext.Provider value={listeners}>{children}</FeedContext.Provider>;
}

/** Calls back for each movement from now on. */
export function useMovements(listener: Listener): void {
  const listeners = useContext(FeedContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    if (!listeners) return;
    const call: Listener = (entry) => latest.current(entry);
    listeners.add(call);
    return () => {
      listeners.delete(call);
    };
  }, [listeners]);
}
