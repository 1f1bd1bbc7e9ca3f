import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { type Bytes, concatenated, sha256, toBase64, toHex, utf8 } from '@/lib/tlog/bytes';
import { leafHash, nodeHash } from '@/lib/tlog/merkle';
import type { Claim } from '@/lib/tlog/verify';

/** The tree of RFC 6962, section 2.1, written as the RFC writes it. */
export async function treeHash(leaves: Bytes[]): Promise<Bytes> {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  const split = largestPowerBelow(leaves.length);
  return nodeHash(await treeHash(leaves.slice(0, split)), await treeHash(leaves.slice(split)));
}

/** The path of RFC 6962, section 2.1.1. */
export async function pathOf(index: number, leaves: Bytes[]): Promise<Bytes[]> {
  if (leaves.length === 1) return [];
  const split = largestPowerBelow(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...(await pathOf(index, left)), await treeHash(right)]
    : [...(await pathOf(index - split, right)), await treeHash(left)];
}

/** The proof of RFC 6962, section 2.1.2, that a tree extends the tree of its first leaves. */
export function extensionOf(from: number, leaves: Bytes[]): Promise<Bytes[]> {
  return subproof(from, leaves, true);
}

async function subproof(from: number, leaves: Bytes[], whole: boolean): Promise<Bytes[]> {
  if (from === leaves.length) return whole ? [] : [await treeHash(leaves)];
  const split = largestPowerBelow(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return from <= split
    ? [...(await subproof(from, left, whole)), await treeHash(right)]
    : [...(await subproof(from - split, right, false)), await treeHash(left)];
}

function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

export function leavesOf(bodies: readonly string[]): Promise<Bytes[]> {
  return Promise.all(bodies.map(async (body) => leafHash(await sha256(utf8(body)))));
}

/** A log with a key of its own, whose entries are these texts. */
export class TestLog {
  readonly verifierKey: string;
  private readonly keyHash: Bytes;
  private readonly privateKey;

  constructor(
    readonly bodies: readonly string[],
    readonly name = 'keytrail.example/log',
  ) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.privateKey = privateKey;
    const typed = concatenated(
      new Uint8Array([1]),
      new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
    );
    const named = createHash('sha256').update(concatenated(utf8(`${name}\n`), typed));
    this.keyHash = new Uint8Array(named.digest().subarray(0, 4));
    this.verifierKey = `${name}+${toHex(this.keyHash)}+${toBase64(typed)}`;
  }

  /** The signed checkpoint of the first entries; of other entries, where those are given. */
  async note(size: number, bodies = this.bodies): Promise<string> {
    const root =
      size === 0 ? await sha256(new Uint8Array()) : await treeHash(await leavesOf(bodies.slice(0, size)));
    const text = `${this.name}\n${size}\n${toBase64(root)}\n`;
    const signature = concatenated(this.keyHash, new Uint8Array(sign(null, utf8(text), this.privateKey)));
    return `${text}\n\u2014 ${this.name} ${toBase64(signature)}\n`;
  }

  /** What an honest server says of an entry. */
  async claim(index: number, size: number): Promise<Claim> {
    const body = this.bodies[index] ?? '';
    return {
      seq: String(index),
      treeSize: String(size),
      hashes: (await pathOf(index, await leavesOf(this.bodies.slice(0, size)))).map(toBase64),
      leafData: toBase64(await sha256(utf8(body))),
      body,
      note: await this.note(size),
      verifierKey: this.verifierKey,
    };
  }

  /** An honest server's proof that the log of `to` entries extends that of `from`. */
  async extension(from: number, to: number, bodies = this.bodies): Promise<string[]> {
    return (await extensionOf(from, await leavesOf(bodies.slice(0, to)))).map(toBase64);
  }
}
