import { describe, expect, it } from 'vitest';
import { leavesOf, pathOf, TestLog, treeHash } from '@/testing/tlog';
import { type Bytes, fromBase64, toBase64, toHex } from './bytes';
import { leafHash, pathToRoot } from './merkle';
import { verifyNote } from './note';
import { leadsToSignature, passed, verifyEntry } from './verify';

const bodies = Array.from({ length: 23 }, (_, index) => `{"entry":${index}}`);

describe('the tree', () => {
  it('hashes an empty leaf as RFC 6962 does', async () => {
    expect(toHex(await leafHash(new Uint8Array()))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  });

  it('leads every leaf of every size to its root', async () => {
    for (let size = 1; size <= bodies.length; size++) {
      const leaves = await leavesOf(bodies.slice(0, size));
      const root = await treeHash(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const steps = await pathToRoot(leaf, BigInt(index), BigInt(size), await pathOf(index, leaves));
        expect(toHex(steps.at(-1)?.result ?? leaf)).toBe(toHex(root));
      }
    }
  });

  it('refuses paths that are too short, too long or out of the tree', async () => {
    const leaves = await leavesOf(bodies.slice(0, 7));
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
  const log = new TestLog(bodies);

  it('verifies from its bytes up to the signature', async () => {
    const verification = await verifyEntry(await log.claim(11, 23));
    expect(passed(verification)).toBe(true);
    expect(verification.steps).toHaveLength(5);
  });

  it('without its bytes is not verified, only the hash that stands for it', async () => {
    const verification = await verifyEntry({ ...(await log.claim(4, 9)), body: null });
    expect(verification).toMatchObject({ leafDataFits: null, rootFits: true, note: 'verified' });
    expect(passed(verification)).toBe(false);
    expect(leadsToSignature(verification)).toBe(true);
  });

  it('with one changed byte does not verify', async () => {
    const claim = await log.claim(11, 23);
    const verification = await verifyEntry({ ...claim, body: '{"entry":12}' });
    expect(verification.leafDataFits).toBe(false);
    expect(verification.rootFits).toBe(false);
  });

  it('with a changed hash on its path does not verify', async () => {
    const claim = await log.claim(11, 23);
    const changed = fromBase64(claim.hashes[2] ?? '');
    changed[0] = (changed[0] ?? 0) ^ 1;
    const verification = await verifyEntry({ ...claim, hashes: claim.hashes.with(2, toBase64(changed)) });
    expect(verification.rootFits).toBe(false);
  });

  it('does not verify against a checkpoint of another size', async () => {
    const claim = await log.claim(4, 9);
    const other = await log.claim(4, 8);
    expect((await verifyEntry({ ...claim, note: other.note })).rootFits).toBe(false);
  });

  it('does not verify where another key signed, although every hash fits', async () => {
    const claim = await log.claim(4, 9);
    const other = await new TestLog(bodies).note(9);
    const verification = await verifyEntry({ ...claim, note: other });
    expect(verification).toMatchObject({ leafDataFits: true, rootFits: true, note: 'wrong-signature' });
    expect(passed(verification)).toBe(false);
  });

  it('does not verify at another place than its own', async () => {
    const verification = await verifyEntry({ ...(await log.claim(4, 9)), seq: '5' });
    expect(verification.rootFits).toBe(false);
  });
});
