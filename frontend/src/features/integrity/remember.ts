import { store, stored } from '@/lib/storage';
import {
  type AskConsistency,
  type Continuity,
  continuityOf,
  holds,
  type KeptCheckpoint,
} from '@/lib/tlog/continuity';

export type SignedNote = Omit<KeptCheckpoint, 'seenAt'>;

/** How a checkpoint stands to what this browser remembers, or why that cannot be said. */
export type Standing =
  | Continuity
  /** The first, and this browser keeps nothing. */
  | 'unkept'
  /** WebCrypto is offered on secure pages only. */
  | 'insecure'
  /** No answer came. */
  | 'unanswered'
  /** The server answered that it gives no proof. */
  | 'refused';

export interface Judgement {
  standing: Standing;
  before: KeptCheckpoint | null;
  /** The checkpoint that was judged: the newest one, where that was asked for again. */
  now: SignedNote;
}

/** What is asked of the server. */
export interface Questions {
  consistency: AskConsistency;
  newest(): Promise<SignedNote>;
}

/** The server answered the question for a proof with a refusal. */
export class Refusal extends Error {}

const place = 'checkpoint';
const mostAttempts = 5;

/**
 * Compares a checkpoint with the remembered one, and remembers it when it continues that one. Other tabs remember, too:
 * what they kept meanwhile is compared with anew, so that the memory never falls back. A checkpoint that is older than
 * the remembered one may only have been late; the newest is asked for once before that counts as shrunken.
 */
export async function judge(checkpoint: SignedNote, questions: Questions): Promise<Judgement> {
  let now = checkpoint;
  let askedAgain = false;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const before = keptCheckpoint();
    try {
      const standing = await continuityOf(before, now, questions.consistency);
      if (keptCheckpoint()?.note !== before?.note) continue;
      if (standing === 'shrunken' && !askedAgain) {
        askedAgain = true;
        now = await questions.newest();
        continue;
      }
      const kept = holds(standing) && keep(now);
      return { standing: standing === 'first' && !kept ? 'unkept' : standing, before, now };
    } catch (error) {
      return { standing: error instanceof Refusal ? 'refused' : 'unanswered', before, now };
    }
  }
  return { standing: 'unanswered', before: keptCheckpoint(), now };
}

/** Remembers a checkpoint; tells whether the browser kept it. */
export function keep({ note, verifierKey }: SignedNote): boolean {
  const kept: KeptCheckpoint = { note, verifierKey, seenAt: new Date().toISOString() };
  return store(place, JSON.stringify(kept));
}

export function keptCheckpoint(): KeptCheckpoint | null {
  try {
    const kept = JSON.parse(stored(place) ?? 'null') as Partial<KeptCheckpoint> | null;
    const { note, verifierKey, seenAt } = kept ?? {};
    return note && verifierKey && seenAt ? { note, verifierKey, seenAt } : null;
  } catch {
    return null;
  }
}

/** Whether nothing speaks against the checkpoint: it continues what is remembered, or nothing can be remembered. */
export function stands(standing: Standing): boolean {
  return standing === 'first' || standing === 'unkept' || standing === 'same' || standing === 'extended';
}

export type Tone = 'good' | 'open' | 'bad';

export function toneOf(standing: Standing): Tone {
  switch (standing) {
    case 'same':
    case 'extended':
      return 'good';
    case 'shrunken':
    case 'forked':
    case 'other-log':
    case 'other-key':
    case 'unsigned':
    case 'refused':
      return 'bad';
    default:
      return 'open';
  }
}

/** Whether the caller may decide to remember this checkpoint instead: never one that its key did not sign. */
export function mayStartAnew(standing: Standing): boolean {
  return standing === 'damaged' || (toneOf(standing) === 'bad' && standing !== 'unsigned');
}
