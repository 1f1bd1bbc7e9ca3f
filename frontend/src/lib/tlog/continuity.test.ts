import { describe, expect, it } from 'vitest';
import { extensionOf, leavesOf, TestLog, treeHash } from '@/testing/tlog';
import { fromBase64, toBase64, toHex } from './bytes';
import { type AskConsistency, type Continuity, continuityOf, type KeptCheckpoint } from './continuity';
import { rootsOf } from './merkle';

const bodies = Array.from({ length: 17 }, (_, index) => `{"entry":${index}}`);
const log = new TestLog(bodies);

async function kept(size: number, of = log): Promise<KeptCheckpoint> {
  return { note: await of.note(size), verifierKey: of.verifierKey, seenAt: '2026-11-22T10:31:00.000Z' };
}

const honest: AskConsistency = (from, to) => log.extension(Number(from), Number(to));
const silent: AskConsistency = async () => {
  throw new Error('nobody asks here');
};

describe('a proof of consistency', () => {
  it('leads to both roots, for every pair of sizes', async () => {
    for (let to = 2; to <= bodies.length; to++) {
      const leaves = await leavesOf(bodies.slice(0, to));
      const root = await treeHash(leaves);
      for (let from = 1; from < to; from++) {
        const before = await treeHash(leaves.slice(0, from));
        const roots = await rootsOf(BigInt(from), BigInt(to), before, await extensionOf(from, leaves));
        expect([toHex(roots.from), toHex(roots.to)]).toEqual([toHex(before), toHex(root)]);
      }
    }
  });

  it('is refused when it is too short or too long', async () => {
    const leaves = await leavesOf(bodies.slice(0, 7));
    const root = await treeHash(leaves.slice(0, 3));
    const proof = await extensionOf(3, leaves);
    await expect(rootsOf(3n, 7n, root, proof.slice(1))).rejects.toThrow('too few');
    await expect(rootsOf(3n, 7n, root, [])).rejects.toThrow('too few');
    await expect(rootsOf(3n, 7n, root, [...proof, root])).rejects.toThrow('too many');
    await expect(rootsOf(0n, 7n, root, proof)).rejects.toThrow('larger');
  });
});

describe('a checkpoint', () => {
  it('is the first where none is remembered', async () => {
    expect(await continuityOf(null, await kept(9), silent)).toBe('first');
  });

  it('is the same, or extends the one before', async () => {
    expect(await continuityOf(await kept(9), await kept(9), silent)).toBe('same');
    expect(await continuityOf(await kept(0), await kept(9), silent)).toBe('extended');
    for (let from = 1; from < 17; from++)
      expect(await continuityOf(await kept(from), await kept(17), honest)).toBe('extended');
  });

  it('of a log that was cut off is shrunken', async () => {
    expect(await continuityOf(await kept(9), await kept(8), honest)).toBe('shrunken');
  });

  it('of a history rewritten and signed with the right key is forked', async () => {
    const rewritten = bodies.with(3, '{"entry":"another"}');
    const fork = async (size: number) => ({ ...(await kept(size)), note: await log.note(size, rewritten) });
    const outcomes: Continuity[] = [await continuityOf(await kept(9), await fork(9), honest)];
    for (const history of [bodies, rewritten])
      outcomes.push(
        await continuityOf(await kept(9), await fork(17), (from, to) =>
          log.extension(Number(from), Number(to), history),
        ),
      );
    expect(outcomes).toEqual(['forked', 'forked', 'forked']);
  });

  it('is forked when the proof is none', async () => {
    for (const proof of [[], ['not base64'], [toBase64(new Uint8Array(32))]])
      expect(await continuityOf(await kept(9), await kept(17), async () => proof)).toBe('forked');
    const changed = await log.extension(9, 17);
    const flipped = fromBase64(changed[0] ?? '');
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    expect(
      await continuityOf(await kept(9), await kept(17), async () => changed.with(0, toBase64(flipped))),
    ).toBe('forked');
  });

  it('of another key or log is told apart from one that was changed', async () => {
    const rekeyed = new TestLog(bodies);
    const renamed = new TestLog(bodies, 'keytrail.example/other');
    expect(await continuityOf(await kept(9), await kept(17, rekeyed), honest)).toBe('other-key');
    expect(await continuityOf(await kept(9), await kept(17, renamed), honest)).toBe('other-log');
  });

  it('that its key did not sign is not believed', async () => {
    const forged = { ...(await kept(17)), note: await new TestLog(bodies).note(17) };
    expect(await continuityOf(null, forged, honest)).toBe('unsigned');
    expect(await continuityOf(await kept(9), forged, honest)).toBe('unsigned');
  });

  it('that its new key did not sign is unsigned, not merely of another key', async () => {
    const rekeyed = new TestLog(bodies);
    const forged = { ...(await kept(17, rekeyed)), note: await log.note(17) };
    expect(await continuityOf(await kept(9), forged, honest)).toBe('unsigned');
  });

  it('is not blamed for a remembered one that was damaged', async () => {
    const forged = { ...(await kept(9)), note: await new TestLog(bodies).note(9) };
    for (const damaged of [
      forged,
      { ...forged, note: 'no note' },
      { ...(await kept(9)), verifierKey: 'none' },
    ])
      expect(await continuityOf(damaged, await kept(17), honest)).toBe('damaged');
  });

  it('is not judged when the server gives no proof', async () => {
    await expect(continuityOf(await kept(9), await kept(17), silent)).rejects.toThrow('nobody asks');
  });
});
