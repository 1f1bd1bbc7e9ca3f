import { useCallback, useEffect, useState } from 'react';
import { type Client, type CombinedError, useClient } from 'urql';
import { graphql, unmask } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { type CheckpointFields, CheckpointFragment } from './CheckpointCard';
import { IntegrityDocument } from './integrityQuery';
import { type Judgement, judge, keep, type Questions, Refusal } from './remember';

const ConsistencyDocument = graphql(`
  query Consistency($from: Int64!, $to: Int64!) {
    consistencyProof(from: $from, to: $to) {
      hashes
    }
  }
`);

/** What the browser remembers, and how the newest checkpoint stands to it. */
export interface Remembered extends Omit<Judgement, 'now'> {
  /** Remembers this checkpoint instead, although it does not continue the one before. */
  startAnew(): void;
}

/**
 * Compares a checkpoint with the last one that this browser verified, and remembers it when it continues that one.
 * Null while it is computed.
 */
export function useContinuity(checkpoint: CheckpointFields): Remembered | null {
  const client = useClient();
  const [judged, setJudged] = useState<Judgement | null>(null);
  const { note, verifierKey } = checkpoint;

  useEffect(() => {
    let current = true;
    const settle = (judgement: Judgement) => {
      if (current) setJudged(judgement);
    };
    const now = { note, verifierKey };
    // Browsers offer WebCrypto on secure pages only.
    if (!globalThis.crypto?.subtle) settle({ standing: 'insecure', before: null, now });
    else judge(now, questionsTo(client)).then(settle);
    return () => {
      current = false;
    };
  }, [client, note, verifierKey]);

  const startAnew = useCallback(() => {
    const now = { note, verifierKey };
    setJudged({ standing: keep(now) ? 'first' : 'unkept', before: null, now });
  }, [note, verifierKey]);

  // Where the newest checkpoint was asked for again, the page gets it, too, and it is judged anew.
  return judged?.now.note === note ? { standing: judged.standing, before: judged.before, startAnew } : null;
}

function questionsTo(client: Client): Questions {
  return {
    consistency: async (from, to) => {
      const { data, error } = await client
        .query(ConsistencyDocument, { from, to }, { requestPolicy: 'network-only' })
        .toPromise();
      if (!data) throw reasonOf(error);
      return data.consistencyProof.hashes;
    },
    newest: async () => {
      const { data, error } = await client
        .query(IntegrityDocument, {}, { requestPolicy: 'network-only' })
        .toPromise();
      if (!data) throw error ?? new Error('no answer');
      return unmask(CheckpointFragment, data.integrity.checkpoint);
    },
  };
}

/** A server that cannot answer now is not one that will not. */
function reasonOf(error: CombinedError | undefined): Error {
  const code = error ? failureOf(error).code : 'NETWORK';
  const passes = ['NETWORK', 'UNAVAILABLE', 'RATE_LIMITED', 'UNAUTHENTICATED'].includes(code);
  return passes ? new Error('no answer') : new Refusal(error?.message);
}
