import { useEffect } from 'react';
import { useQuery } from 'urql';
import { useMovements } from '@/components/movement/MovementFeed';
import { graphql, unmask } from '@/gql';
import { useNow } from '@/lib/session/clock';
import { useCan, useSession } from '@/lib/session/session';
import { useSoon } from '@/lib/useSoon';
import { HandoverFragment } from './handover';

const OfferedHandoversDocument = graphql(`
  query OfferedHandovers($person: ID!) {
    handovers(filter: { person: $person, state: PENDING }, first: 100) {
      edges {
        node {
          id
          ...Handover
        }
      }
    }
  }
`);

const askedEvery = 30_000;

/** The handovers that wait for the caller to accept them. He is not always shown their entries, so it is asked again. */
export function useOffered() {
  const person = useSession().person.id;
  const allowed = useCan('KEYS_VIEW');
  const now = useNow(askedEvery);
  const [{ data, error }, ask] = useQuery({
    query: OfferedHandoversDocument,
    variables: { person },
    pause: !allowed,
  });
  const refresh = useSoon(() => allowed && ask({ requestPolicy: 'network-only' }), 300);
  useMovements(refresh);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again at intervals
  useEffect(refresh, [now]);
  const offered = (data?.handovers.edges ?? [])
    .map(({ node }) => node)
    .filter((node) => {
      const { to, state } = unmask(HandoverFragment, node);
      return to?.id === person && state === 'PENDING';
    });
  return { offered, loaded: data !== undefined, allowed, error, refresh };
}
