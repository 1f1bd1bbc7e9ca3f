import { Button, Skeleton } from '@mantine/core';
import { IconRefresh, IconReport } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Page } from '@/components/Page';
import { unmask } from '@/gql';
import type { IntegrityQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { type IntegritySearch, paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { ByHand } from './ByHand';
import { CheckpointCard, CheckpointFragment } from './CheckpointCard';
import { EntryChoice } from './EntryChoice';
import { EntryProof } from './EntryProof';
import classes from './Integrity.module.css';
import { IntegrityDocument } from './integrityQuery';
import { ReportDialog } from './ReportDialog';
import { State, StateFragment } from './State';
import { SystemLog } from './SystemLog';
import { useContinuity } from './useContinuity';

/** Can I trust this? */
export function IntegrityPage() {
  const { t } = useTranslation();
  const [{ data, error, fetching }, ask] = useQuery({
    query: IntegrityDocument,
    requestPolicy: 'network-only',
  });
  const search = useSearch({ from: '/integrity' });
  const navigate = useNavigate();
  const mayList = useCan('LOGS_SYSTEM_VIEW');
  const show = (change: IntegritySearch, how: { replace?: boolean; resetScroll?: boolean } = {}) =>
    navigate({ ...paths.integrity({ ...search, ...change }), ...how });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  return (
    <Page
      title={t('integrity.title')}
      aside={
        <div className={classes.aside}>
          <ReportButton />
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} />}
            onClick={refresh}
            loading={fetching}
          >
            {t('integrity.refresh')}
          </Button>
        </div>
      }
    >
      <p className={classes.lead}>{t('integrity.explained')}</p>
      {error && <FailureNotice failure={failureOf(error)} retry={refresh} />}
      {!data && !error && <Skeleton height={180} />}
      {data && <Ledger integrity={data.integrity} seq={search.seq ?? null} verify={(seq) => show({ seq })} />}
      {mayList && (
        <SystemLog
          shown={search.log}
          show={(log) => show({ log }, { replace: true, resetScroll: false })}
          source={search.source}
          from={(source) => show({ source }, { replace: true, resetScroll: false })}
        />
      )}
    </Page>
  );
}

/** Makes the compliance report, for whoever may see all that it tells. */
function ReportButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const may = [
    useCan('LOGS_EXPORT'),
    useCan('LOGS_SYSTEM_VIEW'),
    useCan('LOGS_AUTH_VIEW'),
    useCan('LOGS_PERSONAL_VIEW'),
  ];
  if (may.includes(false)) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconReport size={16} />} onClick={() => setOpen(true)}>
        {t('integrity.report.open')}
      </Button>
      {open && <ReportDialog close={() => setOpen(false)} />}
    </>
  );
}

interface LedgerProps {
  integrity: IntegrityQuery['integrity'];
  /** The entry to verify; none is until somebody asks, since looking at one is recorded. */
  seq: string | null;
  verify(seq: string): void;
}

function Ledger({ integrity, seq, verify }: LedgerProps) {
  const checkpoint = unmask(CheckpointFragment, integrity.checkpoint);
  const remembered = useContinuity(checkpoint);
  return (
    <>
      <CheckpointCard checkpoint={checkpoint} />
      <State state={unmask(StateFragment, integrity)} checkpoint={checkpoint} remembered={remembered} />
      <EntryChoice seq={seq} size={checkpoint.size} verify={verify} />
      <EntryProof seq={seq} checkpoint={checkpoint} standing={remembered?.standing ?? null} />
      <ByHand checkpoint={checkpoint} />
    </>
  );
}
