import { useQuery } from 'urql';
import { graphql } from '@/gql';
import type { Failure } from '@/lib/graphql/failure';
import { failureOf } from '@/lib/graphql/failure';

const EntryBodyDocument = graphql(`
  query EntryBody($seq: Int64!) {
    entry(seq: $seq) {
      id
      body
    }
  }
`);

interface EntryBody {
  /** Undefined while it is looked for, null where there is none that the caller may see. */
  body: string | null | undefined;
  failure: Failure | null;
  again(): void;
}

/** The bytes of any entry, by its number. */
export function useEntryBody(seq: string): EntryBody {
  const [{ data, error }, ask] = useQuery({
    query: EntryBodyDocument,
    variables: { seq },
    requestPolicy: 'network-only',
  });
  return {
    body: data ? (data.entry?.body ?? null) : undefined,
    failure: error ? failureOf(error) : null,
    again: () => ask({ requestPolicy: 'network-only' }),
  };
}
