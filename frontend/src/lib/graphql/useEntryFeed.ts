import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useEffect, useRef } from 'react';
import { stringifyVariables, useClient } from 'urql';
import type { LogFilter } from '@/gql/graphql';

/** How a list's entries are followed. The functions must be stable. */
export interface EntryFeed<Start, Data, Entry> {
  /** Gives the newest entry of all, whatever the filter. */
  start: TypedDocumentNode<Start, Record<string, never>>;
  cursorIn(start: Start): string | undefined;
  feed: TypedDocumentNode<Data, { after?: string | null; filter?: LogFilter | null }>;
  entryIn(data: Data): Entry;
}

/**
 * Owns a subscription to entries that pass a filter: from the newest entry known onwards.
 *
 * @param filter null follows nothing
 */
export function useEntryFeed<Start, Data, Entry>(
  how: EntryFeed<Start, Data, Entry>,
  filter: LogFilter | null,
  arrived: (entry: Entry) => void,
): void {
  const client = useClient();
  const key = filter && stringifyVariables(filter);
  const latest = useRef(arrived);
  useEffect(() => {
    latest.current = arrived;
  });
  useEffect(() => {
    let stop = () => {};
    let left = false;
    const begin = async (followed: LogFilter) => {
      const newest = await client.query(how.start, {}, { requestPolicy: 'network-only' }).toPromise();
      if (left) return;
      const after = (newest.data && how.cursorIn(newest.data)) ?? null;
      stop = client.subscription(how.feed, { after, filter: followed }).subscribe(({ data }) => {
        if (data) latest.current(how.entryIn(data));
      }).unsubscribe;
    };
    if (key !== null) begin(JSON.parse(key));
    return () => {
      left = true;
      stop();
    };
  }, [client, how, key]);
}
