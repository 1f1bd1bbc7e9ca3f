import { useRef, useState } from 'react';
import { useClient } from 'urql';
import { graphql } from '@/gql';
import type { ArchiveSearchQuery, LogFilter } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';

const ArchiveSearchDocument = graphql(`
  query ArchiveSearch($filter: LogFilter!, $first: Int!, $after: Cursor) {
    archivedEntries(filter: $filter, first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          ...ArchivedEntryRow
        }
        archive {
          id
          oldest
          newest
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      searched {
        archives
        left
        backTo
        damaged {
          id
          oldest
          newest
          damage
        }
      }
    }
  }
`);

type Part = ArchiveSearchQuery['archivedEntries'];

interface Search {
  filter: LogFilter;
  parts: readonly Part[];
}

const size = 50;

/** Searches when somebody asks, never by itself: each search is recorded. */
export function useArchiveSearch() {
  const client = useClient();
  const [search, setSearch] = useState<Search | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const turn = useRef(0);
  const ask = async (filter: LogFilter, parts: readonly Part[]) => {
    const mine = ++turn.current;
    setBusy(true);
    setFailure(null);
    const after = parts.at(-1)?.pageInfo.endCursor ?? null;
    const answer = await client
      .query(ArchiveSearchDocument, { filter, first: size, after }, { requestPolicy: 'network-only' })
      .toPromise();
    if (mine !== turn.current) return; // another search was begun meanwhile
    setBusy(false);
    if (answer.error) setFailure(failureOf(answer.error));
    if (answer.data) setSearch({ filter, parts: [...parts, answer.data.archivedEntries] });
  };
  const last = search?.parts.at(-1);
  return {
    busy,
    failure,
    done: search !== null,
    found: search?.parts.flatMap((part) => part.edges) ?? [],
    damaged: search?.parts.flatMap((part) => part.searched.damaged) ?? [],
    read: search?.parts.reduce((sum, part) => sum + part.searched.archives, 0) ?? 0,
    left: last?.searched.left ?? 0,
    backTo: last?.searched.backTo ?? null,
    hasMore: last?.pageInfo.hasNextPage ?? false,
    begin: (filter: LogFilter) => {
      setSearch(null);
      void ask(filter, []);
    },
    further: () => {
      if (search) void ask(search.filter, search.parts);
    },
  };
}

export type FoundEntry = Part['edges'][number];
