import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { paths } from '@/lib/paths';
import { FailureNotice } from '../feedback/FailureNotice';
import { Instant } from '../Instant';
import { ActionMark } from './ActionMark';
import type { EntryTarget } from './EntryDrawer';
import { Absent, Field, Fields, Origin, Proof } from './fields';

const KeyEntryDocument = graphql(`
  query KeyEntry($seq: Int64!) {
    entry(seq: $seq) {
      __typename
      ... on KeyLogEntry {
        id
        seq
        action
        occurredAt
        recordedAt
        source
        module
        outcome
        ip
        userAgent
        device
        location
        comment
        dueAt
        body
        actor {
          id
          name
        }
        holder {
          id
          name
        }
        entity {
          type
          id
          label
        }
        key {
          id
          number
          label
        }
        proof {
          treeSize
          leafData
          leafHash
          rootHash
          hashes
        }
      }
    }
  }
`);

/** All fields of a movement of a key. */
export function KeyEntryDetails({ target }: { target: EntryTarget }) {
  const { t } = useTranslation();
  const [{ data, error }, ask] = useQuery({
    query: KeyEntryDocument,
    variables: { seq: target.seq },
    requestPolicy: 'network-only',
  });
  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  if (!data) return <Skeleton height={420} />;
  const entry = data.entry;
  if (entry?.__typename !== 'KeyLogEntry') return <Absent />;
  return (
    <>
      <Fields>
        <Field name={t('entry.action')}>
          <ActionMark action={entry.action} />
        </Field>
        <Field name={t('entry.key')}>
          {entry.key ? (
            <Link {...paths.key(entry.key.id)}>
              {entry.key.number} {entry.key.label}
            </Link>
          ) : (
            entry.entity?.label
          )}
        </Field>
        <Field name={t('entry.holder')}>{entry.holder?.name}</Field>
        <Field name={t('entry.actor')}>{entry.actor?.name ?? t('entry.keytrail')}</Field>
        <Field name={t('entry.due')}>{entry.dueAt && <Instant at={entry.dueAt} show="full" />}</Field>
        <Field name={t('entry.comment')}>{entry.comment}</Field>
        <Origin entry={entry} />
      </Fields>
      <Proof seq={target.seq} body={entry.body} proof={entry.proof} />
    </>
  );
}
