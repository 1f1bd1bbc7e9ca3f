import { useTranslation } from 'react-i18next';
import { graphql } from '@/gql';
import { Hash } from '../Hash';
import { ActionMark } from './ActionMark';
import { AskedEntry } from './AskedEntry';
import type { EntryTarget } from './EntryDrawer';
import { Field, Fields, Origin, Proof } from './fields';
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
  return (
    <AskedEntry query={AuthEntryDocument} kind="AuthEntry" seq={target.seq}>
      {(entry) => (
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
      )}
    </AskedEntry>
  );
}
