import { equal, fromBase64 } from './bytes';
import { rootsOf } from './merkle';
import { type CheckpointText, parseCheckpoint, splitNote, verifyNote } from './note';

/** A checkpoint as it can be kept: the signed note and the key that verified it. */
export interface KeptCheckpoint {
  note: string;
  verifierKey: string;
  /** When this browser saw it, RFC 3339. */
  seenAt: string;
}

/** How a checkpoint stands to the one that was seen before it. */
export type Continuity =
  /** There is none to compare with. */
  | 'first'
  | 'same'
  /** It extends the one before without changing an entry. */
  | 'extended'
  /** It covers fewer entries than the one before. */
  | 'shrunken'
  /** It tells another history. */
  | 'forked'
  | 'other-log'
  | 'other-key'
  /** It is not signed with its key, or cannot be read. */
  | 'unsigned'
  /** The one before cannot be read or is not signed: what remembered it was changed, which says nothing of the log. */
  | 'damaged'
  /** This browser's WebCrypto has no Ed25519. */
  | 'unsupported';

/** Gives the hashes, base64, that prove the tree of `to` entries to extend that of `from` entries. */
export type AskConsistency = (from: string, to: string) => Promise<readonly string[]>;

/**
 * Compares a checkpoint with the one that this browser verified last time, and demands a proof that nothing was changed
 * in between. Only what is signed is compared; what the server says beside it counts for nothing.
 *
 * @throws what `ask` throws
 */
export async function continuityOf(
  before: KeptCheckpoint | null,
  now: Omit<KeptCheckpoint, 'seenAt'>,
  ask: AskConsistency,
): Promise<Continuity> {
  const verdict = await verifyNote(now.note, now.verifierKey);
  if (verdict === 'unsupported') return 'unsupported';
  const newer = textOf(now.note);
  if (verdict !== 'verified' || !newer) return 'unsigned';
  if (!before) return 'first';
  const older = textOf(before.note);
  if (!older || (await verifyNote(before.note, before.verifierKey)) !== 'verified') return 'damaged';
  if (before.verifierKey !== now.verifierKey)
    return nameOf(before.verifierKey) === nameOf(now.verifierKey) ? 'other-key' : 'other-log';
  return compare(older, newer, ask);
}

async function compare(
  older: CheckpointText,
  newer: CheckpointText,
  ask: AskConsistency,
): Promise<Continuity> {
  if (older.origin !== newer.origin) return 'other-log';
  if (newer.size < older.size) return 'shrunken';
  if (newer.size === older.size) return equal(newer.rootHash, older.rootHash) ? 'same' : 'forked';
  if (older.size === 0n) return 'extended';
  const proof = await ask(String(older.size), String(newer.size));
  try {
    const roots = await rootsOf(older.size, newer.size, older.rootHash, proof.map(fromBase64));
    return equal(roots.from, older.rootHash) && equal(roots.to, newer.rootHash) ? 'extended' : 'forked';
  } catch {
    return 'forked'; // a proof that leads nowhere proves nothing
  }
}

function textOf(note: string): CheckpointText | null {
  return parseCheckpoint(splitNote(note)?.text ?? '');
}

function nameOf(verifierKey: string): string {
  return verifierKey.slice(0, verifierKey.indexOf('+'));
}

/** Whether the checkpoint may be remembered as the one to compare with next time. */
export function holds(continuity: Continuity): boolean {
  return continuity === 'first' || continuity === 'same' || continuity === 'extended';
}
