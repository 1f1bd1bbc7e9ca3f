import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { failureOf } from '@/lib/graphql/failure';
import { FailureNotice } from '../feedback/FailureNotice';
import type { EntryKind } from './EntryDrawer';
import { Absent } from './fields';

interface Answer {
  entry?: { __typename: EntryKind } | null;
}

type Of<Data extends Answer, Kind extends EntryKind> = Extract<Data['entry'], { __typename: Kind }>;

interface AskedEntryProps<Data extends Answer, Kind extends EntryKind> {
  query: TypedDocumentNode<Data, { seq: string }>;
  kind: Kind;
  seq: string;
  /** Shows the entry; again asks for it anew. */
  children(entry: Of<Data, Kind>, again: () => void): ReactNode;
}

/** Asks for an entry of one kind, and says so where it is not there or cannot be had. */
export function AskedEntry<Data extends Answer, Kind extends EntryKind>({
  query,
  kind,
  seq,
  children,
}: AskedEntryProps<Data, Kind>) {
  const [{ data, error }, ask] = useQuery({ query, variables: { seq }, requestPolicy: 'network-only' });
  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  if (!data) return <Skeleton height={420} />;
  if (data.entry?.__typename !== kind) return <Absent />;
  return children(data.entry as Of<Data, Kind>, () => ask({ requestPolicy: 'network-only' }));
}
