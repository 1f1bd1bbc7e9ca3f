import { Button, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { ActionMark } from '@/components/entry/ActionMark';
import type { EntryTarget } from '@/components/entry/EntryDrawer';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { EvidenceQuery } from '@/gql/graphql';
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
      ... on SystemEntry {
        id
        seq
        action
        occurredAt
      }
      ... on ActivityEntry {
        id
        seq
        action
        occurredAt
      }
      ... on WorkEntry {
        id
        seq
        action
        occurredAt
      }
      ... on KeyLogEntry {
        id
        seq
        action
        occurredAt
        key {
          id
          number
        }
        holder {
          id
          name
        }
      }
    }
  }
`);

/** Each entry that is shown is recorded as looked at, so few are shown until somebody asks for more. */
const few = 5;

type EvidenceKind = 'AuthEntry' | 'KeyLogEntry' | 'SystemEntry';

interface EvidenceProps {
  /** Null for entries of any kind. */
  kind: EvidenceKind | null;
  seqs: string[];
  count: number;
  open(entry: EntryTarget): void;
}

/** The entries that an alert rests on, the newest first; each opens with its proof. */
export function Evidence({ kind, seqs, count, open }: EvidenceProps) {
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
            <EvidenceEntry kind={kind} seq={seq} open={(found) => open({ kind: found, seq })} />
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

const rights = {
  AuthEntry: 'LOGS_AUTH_VIEW',
  KeyLogEntry: 'LOGS_KEYS_VIEW',
  SystemEntry: 'LOGS_SYSTEM_VIEW',
} as const;

interface EvidenceEntryProps {
  kind: EvidenceKind | null;
  seq: string;
  open(kind: EntryTarget['kind']): void;
}

function EvidenceEntry({ kind, seq, open }: EvidenceEntryProps) {
  const { t } = useTranslation();
  const [{ data }] = useQuery({
    query: EvidenceDocument,
    variables: { seq },
    pause: !useCan(rights[kind ?? 'AuthEntry']) && kind !== null,
  });
  const entry = data?.entry && 'action' in data.entry ? data.entry : null;
  const found = kind ?? entry?.__typename;
  return (
    <UnstyledButton
      className={classes.entry}
      onClick={() => found && open(found)}
      disabled={!found}
      aria-label={t('signIns.details', { seq })}
    >
      {entry ? <ActionMark action={entry.action} /> : <span>{t('entry.title', { seq })}</span>}
      <span className={classes.muted}>{entry && wordsOf(entry).filter(Boolean).join(' · ')}</span>
      <span className={classes.muted}>{entry && <Instant at={entry.occurredAt} />}</span>
    </UnstyledButton>
  );
}

type Shown = Extract<NonNullable<EvidenceQuery['entry']>, { action: string }>;

function wordsOf(entry: Shown) {
  switch (entry.__typename) {
    case 'AuthEntry':
      return [entry.username, entry.ip];
    case 'KeyLogEntry':
      return [entry.key?.number, entry.holder?.name];
    default:
      return [];
  }
}
