import { useQuery } from 'urql';
import { useMovements } from '@/components/movement/MovementFeed';
import { graphql, unmask } from '@/gql';
import type { KeyFilter, KeyListQuery, KeyState } from '@/gql/graphql';
import { usePages } from '@/lib/graphql/usePages';
import type { KeysSearch } from '@/lib/paths';
import { useSoon } from '@/lib/useSoon';
import { type KeyRow, KeyRowFragment } from './keyRow';

const KeyListDocument = graphql(`
  query KeyList($filter: KeyFilter!, $first: Int!, $after: Cursor) {
    keys(filter: $filter, first: $first, after: $after) {
      totalCount
      edges {
        node {
          id
          ...KeyRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const KeyCountsDocument = graphql(`
  query KeyCounts($filter: KeyFilter!) {
    keys(filter: $filter, first: 1) {
      states {
        state
        count
      }
    }
  }
`);

const pageSize = 100;
const endOf = (data: KeyListQuery) => data.keys.pageInfo;

/** The keys that fit the address, and how many there are in each state; both follow the movements. */
export function useKeyList(search: KeysSearch) {
  const filter: KeyFilter = {
    search: search.q,
    group: search.group,
    building: search.building,
    holder: search.holder,
  };
  const pages = usePages(
    KeyListDocument,
    { filter: { ...filter, states: search.states }, first: pageSize },
    endOf,
  );
  const [{ data }, count] = useQuery({ query: KeyCountsDocument, variables: { filter } });

  // A moved key changes in the cache at once; whether it still belongs to the list, only the server knows.
  const refresh = useSoon(() => {
    pages.refresh();
    count({ requestPolicy: 'network-only' });
  }, 300);
  useMovements(refresh);

  const rows: KeyRow[] = pages.pages.flatMap((page) =>
    page.keys.edges.map(({ node }) => unmask(KeyRowFragment, node)),
  );
  const counts = new Map<KeyState, number>(data?.keys.states.map(({ state, count: n }) => [state, n]));
  return { ...pages, rows, total: pages.pages[0]?.keys.totalCount, counts, refreshSoon: refresh };
}
