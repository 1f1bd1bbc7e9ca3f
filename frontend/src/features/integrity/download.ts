import type { Claim } from '@/lib/tlog/verify';
import type { CheckpointFields } from './CheckpointCard';

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

/** Hands the bundle to the browser as a JSON file. */
export function downloadBundle(claim: Claim, checkpoint: CheckpointFields): void {
  const text = `${JSON.stringify(bundleOf(claim, checkpoint), null, 2)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `keytrail-proof-${claim.seq}.json`;
  link.click();
  URL.revokeObjectURL(address);
}
