import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toBase64 } from '@/lib/tlog/bytes';
import { TestLog } from '@/testing/tlog';
import { bundleOf } from './download';

const script = resolve(import.meta.dirname, 'verify-proof.sh');
const folder = mkdtempSync(join(tmpdir(), 'keytrail-script-'));
afterAll(() => rmSync(folder, { recursive: true }));

const log = new TestLog(Array.from({ length: 11 }, (_, index) => `{"action":"key.issued","entry":${index}}`));
type Bundle = ReturnType<typeof bundleOf>;

/** What an honest server lets download, after somebody changed it. */
async function bundle(change: (bundle: Bundle) => void = () => {}): Promise<Bundle> {
  const claim = await log.claim(6, 11);
  const { note, verifierKey } = claim;
  const said = { origin: log.name, size: '11', rootHash: '', signedAt: '2026-11-22T10:31:00Z' };
  const made = structuredClone(bundleOf(claim, { ...said, note, verifierKey }));
  change(made);
  return made;
}

let files = 0;

function check(proof: Bundle): Promise<{ failed: boolean; output: string }> {
  const file = join(folder, `${files++}.json`);
  writeFileSync(file, JSON.stringify(proof));
  return new Promise((done) => {
    execFile('bash', [script, file], (error, output) => done({ failed: error !== null, output }));
  });
}

// Each run starts dozens of small programs.
describe('the script that people download', { timeout: 60_000 }, () => {
  it('confirms an honest proof', async () => {
    const { failed, output } = await check(await bundle());
    expect(output).toContain('entry 6 of 11 leads to the root');
    expect(output).toContain('Signature Verified Successfully');
    expect(output).toMatch(/Verified: entry 6 is in the ledger, unchanged\.\n$/);
    expect(failed).toBe(false);
  });

  it('says that the bytes were not checked where the proof has none', async () => {
    const { failed, output } = await check(
      await bundle((proof) => {
        proof.body = null;
      }),
    );
    expect(output).toMatch(/the hash is in the ledger; the bytes were not checked\.\n$/);
    expect(output).not.toContain('unchanged');
    expect(failed).toBe(false);
  });

  it.each(['seq', 'treeSize'] as const)('runs nothing that stands in %s of the proof', async (field) => {
    const witness = join(folder, `ran-${field}`);
    const proof = await bundle(({ inclusionProof }) => {
      inclusionProof[field] = `UID[$(touch ${witness}; echo 0)]`;
    });
    const { failed, output } = await check(proof);
    expect(existsSync(witness)).toBe(false);
    expect(output).toContain('WRONG');
    expect(failed).toBe(true);
  });

  it.each(['', '-1', '007', '99999999999999999999', '11\n2'])(
    'does not take %j for a number of entries',
    async (treeSize) => {
      const { failed, output } = await check(
        await bundle(({ inclusionProof }) => {
          inclusionProof.treeSize = treeSize;
        }),
      );
      expect(output).toContain('WRONG');
      expect(failed).toBe(true);
    },
  );

  it.each(['*', toBase64(new Uint8Array(31)), toBase64(new Uint8Array(64))])(
    'does not take %j for a hash',
    async (hash) => {
      for (const change of [
        ({ inclusionProof }: Bundle) => {
          inclusionProof.hashes = inclusionProof.hashes.with(1, hash);
        },
        (whole: Bundle) => {
          whole.body = null;
          whole.inclusionProof.leafData = hash;
        },
      ]) {
        const { failed, output } = await check(await bundle(change));
        expect(output).toMatch(/WRONG: .* does not have 32 bytes/);
        expect(failed).toBe(true);
      }
    },
  );
});
