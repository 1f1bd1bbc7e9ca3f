import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '@/gql';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { Instant } from '../Instant';
import { ActionMark } from './ActionMark';
import { AskedEntry } from './AskedEntry';
import { CorrectForm } from './CorrectForm';
import { Corrections } from './Corrections';
import { correctableIn } from './correction';
import type { EntryTarget } from './EntryDrawer';
import { Field, Fields, Origin, Proof } from './fields';
import classes from './fields.module.css';

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
        reason
        overrideReason
        dueAt
        previousDueAt
        body
        previousHolder {
          id
          name
        }
        correction {
          occurredAt
          previousOccurredAt
          void
        }
        corrects {
          id
          seq
        }
        correctedBy {
          id
          seq
          occurredAt
          reason
          comment
          holder {
            id
            name
          }
          correction {
            occurredAt
            previousOccurredAt
            void
          }
        }
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

interface KeyEntryDetailsProps {
  target: EntryTarget;
  open(target: EntryTarget): void;
}

/** All fields of a movement of a key. */
export function KeyEntryDetails({ target, open }: KeyEntryDetailsProps) {
  const { t } = useTranslation();
  const mayIssue = useCan('KEYS_ISSUE');
  const [correcting, setCorrecting] = useState(false);
  return (
    <AskedEntry query={KeyEntryDocument} kind="KeyLogEntry" seq={target.seq}>
      {(entry, again) => {
        if (correcting) {
          const last = entry.correctedBy.at(-1);
          return (
            <CorrectForm
              entry={{
                seq: entry.seq,
                action: entry.action,
                occurredAt: last?.correction?.occurredAt ?? entry.occurredAt,
                holder: last?.holder ?? entry.holder ?? null,
                comment: last?.comment ?? entry.comment ?? '',
              }}
              close={() => setCorrecting(false)}
              done={() => {
                setCorrecting(false);
                again();
              }}
            />
          );
        }
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
              <Field name={t('entry.previousHolder')}>{entry.previousHolder?.name}</Field>
              <Field name={t('entry.actor')}>{entry.actor?.name ?? t('entry.keytrail')}</Field>
              <Field name={t('entry.due')}>{entry.dueAt && <Instant at={entry.dueAt} show="full" />}</Field>
              <Field name={t('entry.previousDue')}>
                {entry.previousDueAt && <Instant at={entry.previousDueAt} show="full" />}
              </Field>
              <Field name={t('entry.comment')}>{entry.comment}</Field>
              <Field name={t('entry.reason')}>{entry.reason ?? entry.overrideReason}</Field>
              <Corrections entry={entry} open={open} />
              <Origin entry={entry} />
            </Fields>
            {mayIssue && correctableIn(entry.action) && (
              <Button
                className={classes.correctButton}
                variant="default"
                leftSection={<IconPencil size={16} />}
                onClick={() => setCorrecting(true)}
              >
                {t('entry.correct')}
              </Button>
            )}
            <Proof seq={target.seq} body={entry.body} proof={entry.proof} />
          </>
        );
      }}
    </AskedEntry>
  );
}
