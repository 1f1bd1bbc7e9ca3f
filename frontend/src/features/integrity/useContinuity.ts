import { useCallback, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { graphql } from '@/gql';
import { store, stored } from '@/lib/storage';
import {
  type AskConsistency,
  type Continuity,
  continuityOf,
  holds,
  type KeptCheckpoint,
} from '@/lib/tlog/continuity';
import type { CheckpointFields } from './CheckpointCard';

const ConsistencyDocument = graphql(`
  query Consistency($from: Int64!, $to: Int64!) {
    consistencyProof(from: $from, to: $to) {
      hashes
    }
  }
`);

/** What the browser remembers, and how the newest checkpoint stands to it. */
export interface Remembered {
  continuity: Continuity | 'insecure' | 'unanswered';
  before: KeptCheckpoint | null;
  /** Remembers this checkpoint instead, although it does not continue the one before. */
  startAnew(): void;
}

const place = 'checkpoint';

/**
 * Compares a checkpoint with the last one that this browser verified, and remembers it when it continues that one.
 * Null while it is computed.
 */
export function useContinuity(checkpoint: CheckpointFields): Remembered | null {
  const client = useClient();
  const [outcome, setOutcome] = useState<Omit<Remembered, 'startAnew'> | null>(null);
  const { note, verifierKey } = checkpoint;

  useEffect(() => {
    let current = true;
    const before = keptCheckpoint();
    const settle = (continuity: Remembered['continuity']) => {
      if (!current) return;
      if (continuity !== 'insecure' && continuity !== 'unanswered' && holds(continuity))
        keep({ note, verifierKey });
      setOutcome({ continuity, before });
    };
    const ask: AskConsistency = async (from, to) => {
      const answer = await client
        .query(ConsistencyDocument, { from, to }, { requestPolicy: 'network-only' })
        .toPromise();
      if (!answer.data) throw answer.error ?? new Error('no answer');
      return answer.data.consistencyProof.hashes;
    };
    // Browsers offer WebCrypto on secure pages only.
    if (!globalThis.crypto?.subtle) settle('insecure');
    else continuityOf(before, { note, verifierKey }, ask).then(settle, () => settle('unanswered'));
    return () => {
      current = false;
    };
  }, [client, note, verifierKey]);

  const startAnew = useCallback(() => {
    keep({ note, verifierKey });
    setOutcome({ continuity: 'first', before: null });
  }, [note, verifierKey]);

  return outcome && { ...outcome, startAnew };
}

function keep(checkpoint: { note: string; verifierKey: string }): void {
  store(place, JSON.stringify({ ...checkpoint, seenAt: new Date().toISOString() } satisfies KeptCheckpoint));
}

function keptCheckpoint(): KeptCheckpoint | null {
  try {
    const kept = JSON.parse(stored(place) ?? 'null') as Partial<KeptCheckpoint> | null;
    const { note, verifierKey, seenAt } = kept ?? {};
    return note && verifierKey && seenAt ? { note, verifierKey, seenAt } : null;
  } catch {
    return null;
  }
}
