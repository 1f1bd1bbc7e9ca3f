import { type CombinedError, useQuery } from 'urql';
import { graphql } from '@/gql';

const PurposeDocument = graphql(`
  query WorkPurpose {
    workHoursPurpose
  }
`);

export interface Purpose {
  /** Null while nothing is recorded, undefined while that is not known. */
  text: string | null | undefined;
  error: CombinedError | undefined;
  retry(): void;
}

/** Why work is recorded here. */
export function usePurpose(): Purpose {
  const [{ data, error }, ask] = useQuery({ query: PurposeDocument });
  const text = data && (data.workHoursPurpose ?? null);
  return { text, error: data ? undefined : error, retry: () => ask({ requestPolicy: 'network-only' }) };
}
