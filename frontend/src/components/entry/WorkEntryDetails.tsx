import { useTranslation } from 'react-i18next';
import { graphql } from '@/gql';
import { ActionMark } from './ActionMark';
import { AskedEntry } from './AskedEntry';
import type { EntryTarget } from './EntryDrawer';
import { Field, Fields, Origin, Proof } from './fields';

const WorkEntryDocument = graphql(`
  query WorkEntry($seq: Int64!) {
    entry(seq: $seq) {
      __typename
      ... on WorkEntry {
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
        user
        workstation
        assurance
        reason
        body
        person {
          id
          name
        }
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

/** All fields of a report of work, or of a correction of hours. */
export function WorkEntryDetails({ target }: { target: EntryTarget }) {
  const { t } = useTranslation();
  return (
    <AskedEntry query={WorkEntryDocument} kind="WorkEntry" seq={target.seq}>
      {(entry) => (
        <>
          <Fields>
            <Field name={t('entry.action')}>
              <ActionMark action={entry.action} />
            </Field>
            <Field name={t('entry.person')}>{entry.person?.name}</Field>
            <Field name={t('entry.actor')}>{entry.actor?.name}</Field>
            <Field name={t('entry.username')}>{entry.user}</Field>
            <Field name={t('entry.workstation')}>{entry.workstation}</Field>
            <Field name={t('entry.assurance')}>
              {entry.assurance === 'UNVERIFIED' && t('entry.unverified')}
            </Field>
            <Field name={t('entry.reason')}>{entry.reason}</Field>
            <Origin entry={entry} />
          </Fields>
          <Proof seq={target.seq} body={entry.body} proof={entry.proof} />
        </>
      )}
    </AskedEntry>
  );
}
