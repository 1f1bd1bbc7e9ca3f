import { type Bytes, equal, fromBase64, sha256, utf8 } from './bytes';
import { leafHash, type PathStep, pathToRoot } from './merkle';
import { type NoteVerdict, parseCheckpoint, splitNote, verifyNote } from './note';

/** What the server claims about one entry. */
export interface Claim {
  seq: string;
  treeSize: string;
  /** Base64, from the leaf's sibling upwards. */
  hashes: readonly string[];
  /** SHA-256 of the body, base64; used only where the body is not at hand. */
  leafData: string;
  /** The entry's bytes, or null where the caller may not see them. */
  body: string | null;
  note: string;
  verifierKey: string;
}

/** Everything that was computed here, from the entry's bytes up to the signed root. */
export interface Verification {
  leafData: Bytes;
  /** The bytes have the hash that the server names; null without bytes, where there is nothing to compare. */
  leafDataFits: boolean | null;
  leaf: Bytes;
  steps: PathStep[];
  root: Bytes;
  signedRoot: Bytes | null;
  /** The computed root is the signed one, for the same number of entries. */
  rootFits: boolean;
  note: NoteVerdict;
}

/** Computes leaf, path and root, and compares them with the signed checkpoint. Trusts none of the hashes sent. */
export async function verifyEntry(claim: Claim): Promise<Verification> {
  const claimed = fromBase64(claim.leafData);
  const leafData = claim.body === null ? claimed : await sha256(utf8(claim.body));
  const leaf = await leafHash(leafData);
  const proof = claim.hashes.map(fromBase64);
  const steps = await pathToRoot(leaf, BigInt(claim.seq), BigInt(claim.treeSize), proof);
  const root = steps.at(-1)?.result ?? leaf;
  const signed = parseCheckpoint(splitNote(claim.note)?.text ?? '');
  return {
    leafData,
    leafDataFits: claim.body === null ? null : equal(leafData, claimed),
    leaf,
    steps,
    root,
    signedRoot: signed?.rootHash ?? null,
    rootFits: signed !== null && signed.size === BigInt(claim.treeSize) && equal(signed.rootHash, root),
    note: await verifyNote(claim.note, claim.verifierKey),
  };
}

/** Whether every check passed, from the entry's own bytes up to the signature. */
export function passed(verification: Verification): boolean {
  return verification.leafDataFits === true && leadsToSignature(verification);
}

/** Whether the hash that the computation began with is in the signed tree; of which bytes it is the hash is not said. */
export function leadsToSignature(verification: Verification): boolean {
  return verification.rootFits && verification.note === 'verified';
}
