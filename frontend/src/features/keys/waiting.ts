import { useQuery } from 'urql';
import { useApprovalChanges } from '@/components/approvals/ApprovalFeed';
import { useMovements } from '@/components/movement/MovementFeed';
import { graphql, unmask } from '@/gql';
import type { WaitingKeyFragment as Fragment } from '@/gql/graphql';
import { useNow } from '@/lib/session/clock';
import { useCan } from '@/lib/session/session';
import { useSoon } from '@/lib/useSoon';

const WaitingKeyFragment = graphql(`
  fragment WaitingKey on Approval {
    id
    state
    requestedAt
    expiresAt
    holder {
      id
      name
    }
    requestedBy {
      id
      name
    }
    keys {
      id
    }
  }
`);

const WaitingKeysDocument = graphql(`
  query WaitingKeys($filter: ApprovalFilter!) {
    approvals(filter: $filter, first: 100) {
      edges {
        node {
          id
          ...WaitingKey
        }
      }
    }
  }
`);

/** An issue that waits for a second person. */
export type Waiting = Fragment;

const expiresSeen = 30_000;

/**
 * The issues that wait for a second person by the ids of their keys, as far as the reader may see them: of one key, or
 * the newest hundred of all. What expires meanwhile is left out.
 */
export function useWaitingKeys(key?: string): ReadonlyMap<string, Waiting> {
  const pause = !useCan('KEYS_VIEW');
  const now = useNow(expiresSeen);
  const [{ data }, ask] = useQuery({
    query: WaitingKeysDocument,
    variables: { filter: { states: ['PENDING'], ...(key !== undefined && { key }) } },
    pause,
  });
  const refresh = useSoon(() => !pause && ask({ requestPolicy: 'network-only' }), 300);
  useMovements(refresh);
  useApprovalChanges(refresh);
  return new Map(
    (data?.approvals.edges ?? [])
      .map(({ node }) => unmask(WaitingKeyFragment, node))
      .filter(({ state, expiresAt }) => state === 'PENDING' && Date.parse(expiresAt) > now)
      .flatMap((waiting) => waiting.keys.map(({ id }) => [id, waiting] as const)),
  );
}
