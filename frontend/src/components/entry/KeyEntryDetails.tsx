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
import { Field, Fields, Origin, Proof } from './fields';
import { atInstant } from './window';

const KeyEntryDocument = graphql(`
  query KeyEntry($filter: LogFilter!) {
    keyLog(filter: $filter, first: 100) {
      edges {
        node {
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
  }
`);

/** All fields of a movement of a key. */
export function KeyEntryDetails({ target }: { target: EntryTarget }) {
  const { t } = useTranslation();
  const [{ data, error }, ask] = useQuery({
    query: KeyEntryDocument,
    variables: { filter: atInstant(target.occurredAt) },
    requestPolicy: 'network-only',
  });
  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  const entry = data?.keyLog.edges.find(({ node }) => node.seq === target.seq)?.node;
  if (!entry) return <Skeleton height={420} />;
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
      <Proof seq={target.seq} occurredAt={entry.occurredAt} body={entry.body} proof={entry.proof} />
    </>
  );
}
