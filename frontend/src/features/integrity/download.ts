import type { KeptCheckpoint } from '@/lib/tlog/continuity';
import type { Claim } from '@/lib/tlog/verify';
import type { CheckpointFields } from './CheckpointCard';
import script from './verify-proof.sh?raw';

/** Everything that is needed to check the entry elsewhere, without keytrail. */
export function bundleOf(claim: Claim, checkpoint: CheckpointFields) {
  return {
    format: 'keytrail-proof/1',
    checkpoint: {
      origin: checkpoint.origin,
      size: checkpoint.size,
      rootHash: checkpoint.rootHash,
      signedAt: checkpoint.signedAt,
      note: checkpoint.note,
      verifierKey: checkpoint.verifierKey,
    },
    inclusionProof: {
      seq: claim.seq,
      treeSize: claim.treeSize,
      leafData: claim.leafData,
      hashes: claim.hashes,
    },
    body: claim.body,
  };
}

/** The proof as a JSON file. */
export function downloadBundle(claim: Claim, checkpoint: CheckpointFields): void {
  const text = `${JSON.stringify(bundleOf(claim, checkpoint), null, 2)}\n`;
  hand(`keytrail-proof-${claim.seq}.json`, text, 'application/json');
}

/** The signed note itself, as C2SP tools read it. */
export function downloadCheckpoint(checkpoint: CheckpointFields): void {
  hand(`keytrail-checkpoint-${checkpoint.size}.txt`, checkpoint.note, 'text/plain');
}

/** Two checkpoints that do not belong to one history: whoever holds both has proved that. */
export function downloadContradiction(before: KeptCheckpoint, now: CheckpointFields): void {
  const both = { before, now: { note: now.note, verifierKey: now.verifierKey } };
  hand('keytrail-checkpoints.json', `${JSON.stringify(both, null, 2)}\n`, 'application/json');
}

/** The script that checks a downloaded proof with jq, openssl and xxd. */
export function downloadScript(): void {
  hand('verify-proof.sh', script, 'text/x-shellscript');
}

/** Hands a text to the browser as a file. */
function hand(name: string, text: string, type: string): void {
  handBlob(name, new Blob([text], { type }));
}

/** Hands bytes to the browser as a file. */
export function handBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
