import { Button, NumberInput, Skeleton } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Page } from '@/components/Page';
import { graphql, unmask } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { paths } from '@/lib/paths';
import { ByHand } from './ByHand';
import { CheckpointCard, CheckpointFragment } from './CheckpointCard';
import { EntryProof } from './EntryProof';
import classes from './Integrity.module.css';
import { State, StateFragment } from './State';

const IntegrityDocument = graphql(`
  query Integrity {
    integrity {
      checkpoint {
        ...CheckpointFields
      }
      ...IntegrityState
    }
  }
`);

/** Can I trust this? */
export function IntegrityPage() {
  const { t } = useTranslation();
  const [{ data, error, fetching }, ask] = useQuery({
    query: IntegrityDocument,
    requestPolicy: 'network-only',
  });
  const search = useSearch({ from: '/integrity' });
  const refresh = () => ask({ requestPolicy: 'network-only' });
  const checkpoint = data && unmask(CheckpointFragment, data.integrity.checkpoint);
  const newest = checkpoint && checkpoint.size !== '0' ? String(BigInt(checkpoint.size) - 1n) : null;
  const seq = search.seq ?? newest;

  return (
    <Page
      title={t('integrity.title')}
      aside={
        <Button
          className={classes.refresh}
          variant="default"
          leftSection={<IconRefresh size={16} />}
          onClick={refresh}
          loading={fetching}
        >
          {t('integrity.refresh')}
        </Button>
      }
    >
      <p className={classes.lead}>{t('integrity.explained')}</p>
      {error && <FailureNotice failure={failureOf(error)} retry={refresh} />}
      {!checkpoint && !error && <Skeleton height={180} />}
      {checkpoint && (
        <>
          <CheckpointCard checkpoint={checkpoint} />
          <State state={unmask(StateFragment, data.integrity)} checkpoint={checkpoint} />
          <EntryChoice key={seq} seq={seq ?? ''} size={checkpoint.size} />
          {seq !== null && <EntryProof key={`${seq} ${checkpoint.size}`} seq={seq} checkpoint={checkpoint} />}
          <ByHand checkpoint={checkpoint} />
        </>
      )}
    </Page>
  );
}

function EntryChoice({ seq, size }: { seq: string; size: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [wanted, setWanted] = useState(seq);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (/^\d{1,20}$/.test(wanted)) navigate(paths.integrity({ seq: wanted }));
  };
  return (
    <form className={classes.choice} onSubmit={submit}>
      <NumberInput
        label={t('integrity.entry')}
        description={t('integrity.entryRange', { last: BigInt(size) > 0n ? String(BigInt(size) - 1n) : '–' })}
        value={wanted}
        onChange={(value) => setWanted(String(value))}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        maxLength={20}
      />
      <Button type="submit">{t('integrity.verify')}</Button>
    </form>
  );
}
