import { type CombinedError, useMutation } from 'urql';
import { graphql } from '@/gql';
import { useCan } from '@/lib/session/session';

const RecomputeDocument = graphql(`
  mutation RecomputeWorkHours {
    recomputeWorkHours {
      days
    }
  }
`);

interface Recompute {
  /** Whether the reader may do it at once; it is done every 15 minutes anyway. */
  may: boolean;
  busy: boolean;
  recompute(): Promise<CombinedError | undefined>;
}

/** Has hours computed now from what was reported. */
export function useRecompute(): Recompute {
  const may = useCan('SYSTEM_CONFIGURE');
  const [{ fetching }, ask] = useMutation(RecomputeDocument);
  return { may, busy: fetching, recompute: async () => (await ask({})).error };
}
