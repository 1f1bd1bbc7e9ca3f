import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { FailureNotice } from '../feedback/FailureNotice';
import { Hash } from '../Hash';
import { ActionMark } from './ActionMark';
import type { EntryTarget } from './EntryDrawer';
import { Absent, Field, Fields, Origin, Proof } from './fields';
import { Reason } from './Reason';

const AuthEntryDocument = graphql(`
  query AuthEntry($seq: Int64!) {
    entry(seq: $seq) {
      __typename
      ... on AuthEntry {
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
`);

/** All fields of a sign-in and what belongs to it. */
export function AuthEntryDetails({ target }: { target: EntryTarget }) {
  const { t } = useTranslation();
  const [{ data, error }, ask] = useQuery({
    query: AuthEntryDocument,
    variables: { seq: target.seq },
    requestPolicy: 'network-only',
  });
  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  if (!data) return <Skeleton height={420} />;
  const entry = data.entry;
  if (entry?.__typename !== 'AuthEntry') return <Absent />;
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
      <Proof seq={target.seq} body={entry.body} proof={entry.proof} />
    </>
  );
}
