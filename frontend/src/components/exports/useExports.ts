import { useEffect, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import type { ExportsQuery, StartExportInput } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { useCan } from '@/lib/session/session';
import { CancelExportDocument, ExportsDocument, StartExportDocument } from './documents';

export type ExportJob = ExportsQuery['exportJobs'][number];

export interface Exports {
  jobs: readonly ExportJob[];
  failure: Failure | null;
  start(order: StartExportInput): Promise<void>;
  remove(id: string): Promise<void>;
}

const askEvery = 1_000;

/** What the reader exports, wherever he started it; asked for again while something is being made. */
export function useExports(): Exports {
  const allowed = useCan('LOGS_EXPORT');
  const [{ data }, ask] = useQuery({
    query: ExportsDocument,
    pause: !allowed,
    requestPolicy: 'cache-and-network',
  });
  const [, start] = useMutation(StartExportDocument);
  const [, cancel] = useMutation(CancelExportDocument);
  const [failure, setFailure] = useState<Failure | null>(null);
  const jobs = data?.exportJobs ?? [];
  const busy = jobs.some(({ state }) => state === 'WAITING' || state === 'RUNNING');
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => ask({ requestPolicy: 'network-only' }), askEvery);
    return () => clearInterval(timer);
  }, [busy, ask]);
  const settle = (error: Parameters<typeof failureOf>[0] | undefined) => {
    setFailure(error ? failureOf(error) : null);
    ask({ requestPolicy: 'network-only' });
  };
  return {
    jobs: jobs.filter(({ state }) => state !== 'CANCELLED'),
    failure,
    start: async (input) => settle((await start({ input })).error),
    remove: async (id) => settle((await cancel({ id })).error),
  };
}
