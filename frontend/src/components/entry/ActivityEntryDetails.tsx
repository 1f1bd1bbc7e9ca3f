import { useTranslation } from 'react-i18next';
import { graphql } from '@/gql';
import { ActionMark } from './ActionMark';
import { AskedEntry } from './AskedEntry';
import { Changes, Json } from './Changes';
import type { EntryTarget } from './EntryDrawer';
import { Field, Fields, Origin, Proof } from './fields';
import { Touched } from './Touched';

const ActivityEntryDocument = graphql(`
  query ActivityEntry($seq: Int64!) {
    entry(seq: $seq) {
      __typename
      ... on ActivityEntry {
        id
        seq
        action
        occurredAt
        recordedAt
        source
        actionTitle
        module
        outcome
        ip
        userAgent
        device
        location
        bulkId
        metadata
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
        objects {
          type
          id
        }
        changes {
          path
          before
          after
          hidden
        }
        request {
          direction
          method
          service
          url
          path
          query
          headers
          body
        }
        response {
          status
          durationMs
          headers
          body
          error
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

/** All fields of what another program reported. */
export function ActivityEntryDetails({ target }: { target: EntryTarget }) {
  const { t } = useTranslation();
  return (
    <AskedEntry query={ActivityEntryDocument} kind="ActivityEntry" seq={target.seq}>
      {(entry) => {
        const { entity, objects, request, response } = entry;
        return (
          <>
            <Fields>
              <Field name={t('entry.action')}>
                <ActionMark action={entry.action} title={entry.actionTitle} />
              </Field>
              <Field name={t('entry.about')}>
                {entity && [entity.type, entity.label || entity.id].filter(Boolean).join(' ')}
              </Field>
              <Field name={t('entry.objects')}>{objects.length > 0 && <Touched objects={objects} />}</Field>
              <Field name={t('entry.person')}>{entry.actor?.name}</Field>
              <Field name={t('entry.request')}>
                {request &&
                  [request.method, request.url ?? request.path, request.service].filter(Boolean).join(' ')}
              </Field>
              <Field name={t('entry.status')}>
                {response && [response.status, response.error].filter(Boolean).join(' ')}
              </Field>
              <Field name={t('entry.duration')}>
                {response?.durationMs != null && `${response.durationMs} ms`}
              </Field>
              <Field name={t('entry.bulk')}>{entry.bulkId}</Field>
              <Origin entry={entry} />
            </Fields>
            <Changes changes={entry.changes} />
            <Json name={t('entry.metadata')} value={entry.metadata} />
            <Json name={t('entry.requestHeaders')} value={request?.headers} />
            <Json name={t('entry.requestBody')} value={request?.body} />
            <Json name={t('entry.responseHeaders')} value={response?.headers} />
            <Json name={t('entry.responseBody')} value={response?.body} />
            <Proof seq={target.seq} body={entry.body} proof={entry.proof} />
          </>
        );
      }}
    </AskedEntry>
  );
}
