import { Button, Skeleton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { type Claim, type Verification, verifyEntry } from '@/lib/tlog/verify';
import type { CheckpointFields } from './CheckpointCard';
import { downloadBundle } from './download';
import classes from './Integrity.module.css';
import { Steps } from './Steps';
import { useEntryBody } from './useEntryBody';
import { Verdict } from './Verdict';

const InclusionDocument = graphql(`
  query Inclusion($seq: Int64!, $treeSize: Int64!) {
    inclusionProof(seq: $seq, treeSize: $treeSize) {
      leafData
      hashes
    }
  }
`);

interface EntryProofProps {
  seq: string;
  checkpoint: CheckpointFields;
}

/** Recomputes, in this browser, that an entry is in the ledger that the checkpoint signs. */
export function EntryProof({ seq, checkpoint }: EntryProofProps) {
  const { t } = useTranslation();
  const [{ data, error }, ask] = useQuery({
    query: InclusionDocument,
    variables: { seq, treeSize: checkpoint.size },
    requestPolicy: 'network-only',
  });
  const { body, failure, again } = useEntryBody(seq);
  const proof = data?.inclusionProof;
  // Place and size are what was asked for: a proof of another entry would otherwise pass for this one.
  const claim: Claim | null =
    proof && body !== undefined
      ? {
          seq,
          treeSize: checkpoint.size,
          hashes: proof.hashes,
          leafData: proof.leafData,
          body,
          note: checkpoint.note,
          verifierKey: checkpoint.verifierKey,
        }
      : null;
  const outcome = useVerification(claim);

  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  if (failure) return <FailureNotice failure={failure} retry={again} />;
  if (!claim || !outcome) return <Skeleton height={420} />;
  return (
    <section aria-label={t('integrity.result')}>
      <Verdict outcome={outcome} />
      {outcome.verification && <Steps claim={claim} verification={outcome.verification} />}
      <div className={classes.downloads}>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          onClick={() => downloadBundle(claim, checkpoint)}
        >
          {t('integrity.download')}
        </Button>
        <p className={classes.muted}>{t('integrity.downloadExplained')}</p>
      </div>
    </section>
  );
}

/** What came of the computation; without a verification it could not be done at all. */
export interface Outcome {
  verification: Verification | null;
  reason: 'insecure' | 'broken' | null;
}

function useVerification(claim: Claim | null): Outcome | null {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const key = claim && JSON.stringify(claim);
  useEffect(() => {
    if (!key) return;
    let current = true;
    const settle = (settled: Outcome) => {
      if (current) setOutcome(settled);
    };
    // Browsers offer WebCrypto on secure pages only.
    if (!globalThis.crypto?.subtle) settle({ verification: null, reason: 'insecure' });
    else
      verifyEntry(JSON.parse(key) as Claim).then(
        (verification) => settle({ verification, reason: null }),
        () => settle({ verification: null, reason: 'broken' }),
      );
    return () => {
      current = false;
    };
  }, [key]);
  return outcome;
}
