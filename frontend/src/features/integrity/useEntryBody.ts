import { useQuery } from 'urql';
import { atInstant } from '@/components/entry/window';
import { graphql } from '@/gql';
import type { LogFilter } from '@/gql/graphql';
import { useCan } from '@/lib/session/session';

const KeyBodiesDocument = graphql(`
  query KeyBodies($filter: LogFilter) {
    keyLog(filter: $filter, first: 100) {
      edges {
        node {
          id
          seq
          body
        }
      }
    }
  }
`);

const AuthBodiesDocument = graphql(`
  query AuthBodies($filter: LogFilter) {
    authLog(filter: $filter, first: 100) {
      edges {
        node {
          id
          seq
          body
        }
      }
    }
  }
`);

/**
 * The bytes of an entry, from the logs that the caller may see: by the instant at which it occurred, or among the
 * newest where that is unknown. Undefined while it is looked for, null when it is not found there.
 */
export function useEntryBody(seq: string, at: string | undefined): string | null | undefined {
  const filter: LogFilter = at ? atInstant(at) : {};
  const seesKeys = useCan('LOGS_KEYS_VIEW');
  const seesSignIns = useCan('LOGS_AUTH_VIEW');
  const [keys] = useQuery({ query: KeyBodiesDocument, variables: { filter }, pause: !seesKeys });
  const [signIns] = useQuery({ query: AuthBodiesDocument, variables: { filter }, pause: !seesSignIns });
  const nodes = [...(keys.data?.keyLog.edges ?? []), ...(signIns.data?.authLog.edges ?? [])];
  const found = nodes.find(({ node }) => node.seq === seq)?.node.body;
  if (found !== undefined) return found;
  return keys.fetching || signIns.fetching || keys.stale || signIns.stale ? undefined : null;
}
