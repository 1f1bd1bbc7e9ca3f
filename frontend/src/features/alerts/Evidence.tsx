import { Button, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { ActionMark } from '@/components/entry/ActionMark';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import { useCan } from '@/lib/session/session';
import classes from './Alerts.module.css';

const EvidenceDocument = graphql(`
  query Evidence($seq: Int64!) {
    entry(seq: $seq) {
      __typename
      ... on AuthEntry {
        id
        seq
        action
        occurredAt
        username
        ip
      }
    }
  }
`);

/** Each entry that is shown is recorded as looked at, so few are shown until somebody asks for more. */
const few = 5;

interface EvidenceProps {
  seqs: string[];
  count: number;
  open(seq: string): void;
}

/** The entries that an alert rests on, the newest first; each opens with its proof. */
export function Evidence({ seqs, count, open }: EvidenceProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const newest = [...seqs].reverse();
  const shown = all ? newest : newest.slice(0, few);
  return (
    <section className={classes.evidence} aria-labelledby="alert-evidence">
      <h3 id="alert-evidence">{t('alerts.evidence', { count })}</h3>
      <ul>
        {shown.map((seq) => (
          <li key={seq}>
            <EvidenceEntry seq={seq} open={() => open(seq)} />
          </li>
        ))}
      </ul>
      {shown.length < seqs.length && (
        <Button variant="subtle" size="xs" onClick={() => setAll(true)}>
          {t('alerts.showAll', { count: seqs.length })}
        </Button>
      )}
      {count > seqs.length && (
        <p className={classes.muted}>{t('alerts.onlyFirst', { count: seqs.length })}</p>
      )}
    </section>
  );
}

function EvidenceEntry({ seq, open }: { seq: string; open(): void }) {
  const { t } = useTranslation();
  const [{ data }] = useQuery({
    query: EvidenceDocument,
    variables: { seq },
    pause: !useCan('LOGS_AUTH_VIEW'),
  });
  const entry = data?.entry?.__typename === 'AuthEntry' ? data.entry : null;
  return (
    <UnstyledButton className={classes.entry} onClick={open} aria-label={t('signIns.details', { seq })}>
      {entry ? <ActionMark action={entry.action} /> : <span>{t('entry.title', { seq })}</span>}
      <span className={classes.muted}>{[entry?.username, entry?.ip].filter(Boolean).join(' · ')}</span>
      <span className={classes.muted}>{entry && <Instant at={entry.occurredAt} />}</span>
    </UnstyledButton>
  );
}
