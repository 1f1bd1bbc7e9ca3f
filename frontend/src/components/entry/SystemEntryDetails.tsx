import { useTranslation } from 'react-i18next';
import { graphql } from '@/gql';
import { ActionMark } from './ActionMark';
import { AskedEntry } from './AskedEntry';
import type { EntryTarget } from './EntryDrawer';
import { Field, Fields, Origin, Proof } from './fields';
import { LookedFor, PersonName } from './LookedFor';
import { viewOf } from './views';

const SystemEntryDocument = graphql(`
  query SystemEntry($seq: Int64!) {
    entry(seq: $seq) {
      __typename
      ... on SystemEntry {
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
        details
        filter
        purpose
        body
        actor {
          id
          name
        }
        entity {
          type
          id
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

/** All fields of what keytrail itself did, and of a look at a log. */
export function SystemEntryDetails({ target }: { target: EntryTarget }) {
  const { t } = useTranslation();
  return (
    <AskedEntry query={SystemEntryDocument} kind="SystemEntry" seq={target.seq}>
      {(entry) => {
        const view = viewOf(entry.entity);
        return (
          <>
            <Fields>
              <Field name={t('entry.action')}>
                <ActionMark action={entry.action} />
              </Field>
              <Field name={t('entry.view')}>{view && t(`views.${view}`)}</Field>
              <Field name={t('entry.filter')}>
                {isObject(entry.filter) &&
                  (isEmpty(entry.filter) ? t('entry.everything') : <LookedFor filter={entry.filter} />)}
              </Field>
              <Field name={t('entry.purpose')}>{entry.purpose}</Field>
              <Field name={t('entry.about')}>
                {!view && entry.entity && <About entity={entry.entity} />}
              </Field>
              <Field name={t('entry.details')}>
                {isObject(entry.details) && <Named value={entry.details} />}
              </Field>
              <Field name={t('entry.actor')}>{entry.actor?.name ?? t('entry.keytrail')}</Field>
              <Origin entry={entry} />
            </Fields>
            <Proof seq={target.seq} body={entry.body} proof={entry.proof} />
          </>
        );
      }}
    </AskedEntry>
  );
}

function About({ entity }: { entity: { type: string; id: string; label?: string | null } }) {
  return entity.type === 'person' ? <PersonName id={entity.id} /> : entity.label || entity.id;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isEmpty(value: Record<string, unknown>): boolean {
  return Object.keys(value).length === 0;
}

/** Names and values of a JSON object, each on a line. */
function Named({ value }: { value: Record<string, unknown> }) {
  return (
    <>
      {Object.entries(value).map(([name, each]) => (
        <div key={name}>
          {name}: {typeof each === 'string' ? each : JSON.stringify(each)}
        </div>
      ))}
    </>
  );
}
