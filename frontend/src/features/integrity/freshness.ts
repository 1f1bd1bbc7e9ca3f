import type { IntegrityStateFragment } from '@/gql/graphql';
import type { Tone } from './remember';

type Verification = NonNullable<IntegrityStateFragment['lastVerification']>;
type Sink = IntegrityStateFragment['sinks'][number];

const minute = 60_000;
/** A ledger verifies itself each night; two missed nights are too many. */
const verificationLasts = 48 * 60 * minute;
const sinkLasts = 10 * minute;
/** Clocks may differ by so much. */
const clockSlack = 5 * minute;

/** The last full verification, as it looks now: what passed long ago says little of today. */
export function verificationWord(
  { ok, finishedAt }: Pick<Verification, 'ok' | 'finishedAt'>,
  now: number,
): 'passed' | 'failed' | 'stale' | 'future' {
  if (!ok) return 'failed';
  const age = now - Date.parse(finishedAt);
  if (age < -clockSlack) return 'future';
  return age > verificationLasts ? 'stale' : 'passed';
}

/** A place outside, as it looks now. It lags only where entries were signed that it does not have. */
export function sinkWord(
  { failing, deliveredAt, size }: Pick<Sink, 'failing' | 'deliveredAt' | 'size'>,
  newest: string,
  now: number,
): 'kept' | 'empty' | 'failing' | 'late' | 'future' {
  if (failing) return 'failing';
  if (!deliveredAt) return 'empty';
  const age = now - Date.parse(deliveredAt);
  if (age < -clockSlack) return 'future';
  return age > sinkLasts && size !== newest ? 'late' : 'kept';
}

export const toneOfWord: Record<ReturnType<typeof verificationWord> | ReturnType<typeof sinkWord>, Tone> = {
  passed: 'good',
  kept: 'good',
  failed: 'bad',
  failing: 'bad',
  stale: 'open',
  late: 'open',
  future: 'open',
  empty: 'open',
};
