import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { FailureNotice } from '../feedback/FailureNotice';
import { Hash } from '../Hash';
import { ActionMark } from './ActionMark';
import type { EntryTarget } from './EntryDrawer';
import { Field, Fields, Origin, Proof } from './fields';
import { Reason } from './Reason';
import { atInstant } from './window';

const AuthEntryDocument = graphql(`
  query AuthEntry($filter: LogFilter!) {
    authLog(filter: $filter, first: 100) {
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
          username
          reason
          session
          body
          actor {
            id
            name
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

/** All fields of a sign-in and what belongs to it. */
export function AuthEntryDetails({ target }: { target: EntryTarget }) {
  const { t } = useTranslation();
  const [{ data, error }, ask] = useQuery({
    query: AuthEntryDocument,
    variables: { filter: atInstant(target.occurredAt) },
    requestPolicy: 'network-only',
  });
  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  const entry = data?.authLog.edges.find(({ node }) => node.seq === target.seq)?.node;
  if (!entry) return <Skeleton height={420} />;
  return (
    <>
      <Fields>
        <Field name={t('entry.action')}>
          <ActionMark action={entry.action} />
        </Field>
        <Field name={t('entry.person')}>{entry.actor?.name}</Field>
        <Field name={t('entry.username')}>{entry.username}</Field>
        <Field name={t('entry.reason')}>{entry.reason && <Reason code={entry.reason} />}</Field>
        <Field name={t('entry.session')}>
          {entry.session && <Hash value={entry.session} label={t('entry.session')} />}
        </Field>
        <Origin entry={entry} />
      </Fields>
      <Proof seq={target.seq} occurredAt={entry.occurredAt} body={entry.body} proof={entry.proof} />
    </>
  );
}
