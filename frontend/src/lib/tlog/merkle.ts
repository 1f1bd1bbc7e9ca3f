import { type Bytes, concatenated, sha256 } from './bytes';

/** SHA-256 of 0x00 and the leaf data (RFC 6962, section 2.1). */
export function leafHash(leafData: Bytes): Promise<Bytes> {
  return sha256(concatenated(new Uint8Array([0]), leafData));
}

/** SHA-256 of 0x01 and both children (RFC 6962, section 2.1). */
export function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(concatenated(new Uint8Array([1]), left, right));
}

/** One step of the way from a leaf up to the root. */
export interface PathStep {
  /** The hash of the proof that is joined in this step. */
  sibling: Bytes;
  /** On which side of what was computed so far the sibling stands. */
  side: 'left' | 'right';
  /** Hash of both. */
  result: Bytes;
}

/**
 * Computes the way from a leaf to the root of a tree (RFC 9162, section 2.1.3.2).
 *
 * @param index of the leaf, from 0
 * @param size of the tree in leaves
 * @throws when the proof has too many or too few hashes for the place
 */
export async function pathToRoot(
  leaf: Bytes,
  index: bigint,
  size: bigint,
  proof: Bytes[],
): Promise<PathStep[]> {
  if (index < 0n || index >= size) throw new RangeError('the entry is not in a tree of this size');
  const steps: PathStep[] = [];
  let node = index;
  let last = size - 1n;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0n) throw new RangeError('the proof has too many hashes');
    const isRight = node % 2n === 1n;
    if (isRight || node === last) {
      // At the right edge, levels without a sibling are passed over.
      while (!isRight && node % 2n === 0n && node !== 0n) {
        node /= 2n;
        last /= 2n;
      }
      hash = await nodeHash(sibling, hash);
      steps.push({ sibling, side: 'left', result: hash });
    } else {
      hash = await nodeHash(hash, sibling);
      steps.push({ sibling, side: 'right', result: hash });
    }
    node /= 2n;
    last /= 2n;
  }
  if (last !== 0n) throw new RangeError('the proof has too few hashes');
  return steps;
}

/** Roots that a proof of consistency leads to. */
export interface ConsistentRoots {
  from: Bytes;
  to: Bytes;
}

/**
 * Computes, from the root of a smaller tree and a proof, both roots that the proof implies (RFC 9162, section 2.1.4.2).
 * The larger tree extends the smaller one when both are the roots that were signed.
 *
 * @param from number of leaves of the smaller tree, at least 1
 * @param to number of leaves of the larger tree, more than `from`
 * @throws when the proof has too many or too few hashes
 */
export async function rootsOf(
  from: bigint,
  to: bigint,
  fromRoot: Bytes,
  proof: Bytes[],
): Promise<ConsistentRoots> {
  if (from < 1n || from >= to) throw new RangeError('only a larger tree can extend another');
  // Where the smaller tree is a whole subtree of the larger one, its root is the first hash and not sent.
  const path = (from & (from - 1n)) === 0n ? [fromRoot, ...proof] : proof;
  const [first, ...rest] = path;
  if (!first) throw new RangeError('the proof has too few hashes');
  let node = from - 1n;
  let last = to - 1n;
  while (node % 2n === 1n) {
    node /= 2n;
    last /= 2n;
  }
  let smaller = first;
  let larger = first;
  for (const hash of rest) {
    if (last === 0n) throw new RangeError('the proof has too many hashes');
    if (node % 2n === 1n || node === last) {
      smaller = await nodeHash(hash, smaller);
      larger = await nodeHash(hash, larger);
      while (node % 2n === 0n && node !== 0n) {
        node /= 2n;
        last /= 2n;
      }
    } else {
      larger = await nodeHash(larger, hash);
    }
    node /= 2n;
    last /= 2n;
  }
  if (last !== 0n) throw new RangeError('the proof has too few hashes');
  return { from: smaller, to: larger };
}
