import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Bytes, concatenated, fromBase64, sha256, toBase64, toHex, utf8 } from './bytes';
import { leafHash, nodeHash, pathToRoot } from './merkle';
import { verifyNote } from './note';
import { type Claim, passed, verifyEntry } from './verify';

/** The tree of RFC 6962, section 2.1, written as the RFC writes it. */
async function treeHash(leaves: Bytes[]): Promise<Bytes> {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  const split = largestPowerBelow(leaves.length);
  return nodeHash(await treeHash(leaves.slice(0, split)), await treeHash(leaves.slice(split)));
}

/** The path of RFC 6962, section 2.1.1. */
async function pathOf(index: number, leaves: Bytes[]): Promise<Bytes[]> {
  if (leaves.length === 1) return [];
  const split = largestPowerBelow(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...(await pathOf(index, left)), await treeHash(right)]
    : [...(await pathOf(index - split, right)), await treeHash(left)];
}

function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

const bodies = Array.from({ length: 23 }, (_, index) => `{"entry":${index}}`);

async function leavesOf(count: number): Promise<Bytes[]> {
  return Promise.all(bodies.slice(0, count).map(async (body) => leafHash(await sha256(utf8(body)))));
}

describe('the tree', () => {
  it('hashes an empty leaf as RFC 6962 does', async () => {
    expect(toHex(await leafHash(new Uint8Array()))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  });

  it('leads every leaf of every size to its root', async () => {
    for (let size = 1; size <= bodies.length; size++) {
      const leaves = await leavesOf(size);
      const root = await treeHash(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const steps = await pathToRoot(leaf, BigInt(index), BigInt(size), await pathOf(index, leaves));
        expect(toHex(steps.at(-1)?.result ?? leaf)).toBe(toHex(root));
      }
    }
  });

  it('refuses paths that are too short, too long or out of the tree', async () => {
    const leaves = await leavesOf(7);
    const leaf = leaves[3] as Bytes;
    const path = await pathOf(3, leaves);
    await expect(pathToRoot(leaf, 3n, 7n, path.slice(1))).rejects.toThrow('too few');
    await expect(pathToRoot(leaf, 3n, 7n, [...path, leaf])).rejects.toThrow('too many');
    await expect(pathToRoot(leaf, 7n, 7n, path)).rejects.toThrow('not in a tree');
  });
});

describe('a signed note', () => {
  // The example of golang.org/x/mod/sumdb/note.
  const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const note =
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n\n" +
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

  it('of the Go library verifies', async () => {
    expect(await verifyNote(note, key)).toBe('verified');
  });

  it('verifies beside signatures of others', async () => {
    const other = `— witness ${toBase64(new Uint8Array(68))}\n`;
    expect(await verifyNote(note.replace('\n\n', `\n\n${other}`), key)).toBe('verified');
  });

  it('does not verify when a letter of its text changed', async () => {
    expect(await verifyNote(note.replace('answer', 'Answer'), key)).toBe('wrong-signature');
  });

  it('does not verify with a key of another name or hash', async () => {
    expect(await verifyNote(note, key.replace('PeterNeumann', 'Peter'))).toBe('malformed');
    expect(await verifyNote(note, key.replace('c74f20a3', 'c74f20a4'))).toBe('malformed');
  });

  it('without signature or newline is malformed', async () => {
    expect(await verifyNote('text only\n', key)).toBe('malformed');
    expect(await verifyNote(note.trimEnd(), key)).toBe('malformed');
  });
});

describe('an entry', () => {
  const name = 'keytrail.example/log';
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const typed = concatenated(
    new Uint8Array([1]),
    new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
  );
  const keyHash = new Uint8Array(
    createHash('sha256')
      .update(concatenated(utf8(`${name}\n`), typed))
      .digest()
      .subarray(0, 4),
  );
  const verifierKey = `${name}+${toHex(keyHash)}+${toBase64(typed)}`;

  async function claimFor(index: number, size: number): Promise<Claim> {
    const leaves = await leavesOf(size);
    const text = `${name}\n${size}\n${toBase64(await treeHash(leaves))}\n`;
    const signature = concatenated(keyHash, new Uint8Array(sign(null, utf8(text), privateKey)));
    const body = bodies[index] ?? '';
    return {
      seq: String(index),
      treeSize: String(size),
      hashes: (await pathOf(index, leaves)).map(toBase64),
      leafData: toBase64(await sha256(utf8(body))),
      body,
      note: `${text}\n— ${name} ${toBase64(signature)}\n`,
      verifierKey,
    };
  }

  it('verifies from its bytes up to the signature', async () => {
    const verification = await verifyEntry(await claimFor(11, 23));
    expect(passed(verification)).toBe(true);
    expect(verification.steps).toHaveLength(5);
  });

  it('verifies from the hash of its bytes where those are not at hand', async () => {
    expect(passed(await verifyEntry({ ...(await claimFor(4, 9)), body: null }))).toBe(true);
  });

  it('with one changed byte does not verify', async () => {
    const claim = await claimFor(11, 23);
    const verification = await verifyEntry({ ...claim, body: '{"entry":12}' });
    expect(verification.leafDataFits).toBe(false);
    expect(verification.rootFits).toBe(false);
  });

  it('with a changed hash on its path does not verify', async () => {
    const claim = await claimFor(11, 23);
    const changed = fromBase64(claim.hashes[2] ?? '');
    changed[0] = (changed[0] ?? 0) ^ 1;
    const verification = await verifyEntry({ ...claim, hashes: claim.hashes.with(2, toBase64(changed)) });
    expect(verification.rootFits).toBe(false);
  });

  it('does not verify against a checkpoint of another size', async () => {
    const claim = await claimFor(4, 9);
    const other = await claimFor(4, 8);
    expect((await verifyEntry({ ...claim, note: other.note })).rootFits).toBe(false);
  });
});
