import { Button, Skeleton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { type Claim, passed, type Verification, verifyEntry } from '@/lib/tlog/verify';
import type { CheckpointFields } from './CheckpointCard';
import { downloadBundle } from './download';
import classes from './Integrity.module.css';
import type { Standing } from './remember';
import { Steps } from './Steps';
import { useEntryBody } from './useEntryBody';
import { Verdict } from './Verdict';
import { VerifiedContents } from './VerifiedContents';

const InclusionDocument = graphql(`
  query Inclusion($seq: Int64!, $treeSize: Int64!) {
    inclusionProof(seq: $seq, treeSize: $treeSize) {
      leafData
      hashes
    }
  }
`);

interface EntryProofProps {
  /** Null while none was chosen. */
  seq: string | null;
  checkpoint: CheckpointFields;
  /** How the checkpoint stands to the one of last time; null while it is computed. */
  standing: Standing | null;
}

/** Recomputes, in this browser, that an entry is in the ledger that the checkpoint signs. */
export function EntryProof({ seq, checkpoint, standing }: EntryProofProps) {
  const { t } = useTranslation();
  const question = `${seq} ${checkpoint.note}`;
  const [answer, setAnswer] = useState<{ question: string; outcome: Outcome } | null>(null);
  const settle = useCallback((outcome: Outcome) => setAnswer({ question, outcome }), [question]);
  const outcome = answer?.question === question ? answer.outcome : null;
  return (
    <section aria-label={t('integrity.result')}>
      {/* Screen readers announce what appears in a region that was there before. */}
      <div role="status">{outcome && standing && <Verdict outcome={outcome} standing={standing} />}</div>
      {seq !== null && <Computation key={question} seq={seq} checkpoint={checkpoint} settle={settle} />}
    </section>
  );
}

interface ComputationProps {
  seq: string;
  checkpoint: CheckpointFields;
  settle(outcome: Outcome): void;
}

function Computation({ seq, checkpoint, settle }: ComputationProps) {
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
  useEffect(() => {
    if (outcome) settle(outcome);
  }, [outcome, settle]);

  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  if (failure) return <FailureNotice failure={failure} retry={again} />;
  if (!claim || !outcome) return <Skeleton height={420} />;
  return (
    <>
      {outcome.verification && claim.body !== null && passed(outcome.verification) && (
        <VerifiedContents seq={seq} body={claim.body} />
      )}
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
    </>
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
