import { useEffect } from 'react';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';

const RunsDocument = graphql(`
  query RetentionRuns {
    retentionRuns(first: 10) {
      edges {
        node {
          id
          state
          askedBy {
            id
            name
          }
          asOf
          endedAt
          entries
          archives
          streams {
            stream
            entries
          }
          problem
        }
      }
    }
  }
`);

/** How often it is asked how far a run is. */
const interval = 1000;

/** The last runs, read again as long as one is under way. */
export function useRuns() {
  const [{ data, error, fetching }, refresh] = useQuery({
    query: RunsDocument,
    requestPolicy: 'cache-and-network',
  });
  const list = data?.retentionRuns.edges.map(({ node }) => node) ?? [];
  const running = list.some((run) => run.state === 'RUNNING');
  useEffect(() => {
    if (!running || fetching) return;
    const timer = setTimeout(() => refresh({ requestPolicy: 'network-only' }), interval);
    return () => clearTimeout(timer);
  }, [running, fetching, refresh]);
  const failure: Failure | null = error ? failureOf(error) : null;
  return {
    list,
    loaded: Boolean(data),
    failure,
    running,
    /** Changes whenever a run has ended. */
    ended: list.find((run) => run.state !== 'RUNNING')?.id ?? '',
    refresh: () => refresh({ requestPolicy: 'network-only' }),
  };
}

export type RunList = ReturnType<typeof useRuns>;
