import { useTranslation } from 'react-i18next';
import { ActionMark } from '@/components/entry/ActionMark';
import { Changes, Json } from '@/components/entry/Changes';
import { Field, Fields, Origin } from '@/components/entry/fields';
import { Reason } from '@/components/entry/Reason';
import { viewOf } from '@/components/entry/views';
import { Instant } from '@/components/Instant';
import { graphql, unmask } from '@/gql';
import type { ArchivedEntryRowFragment as Entry } from '@/gql/graphql';
import { useFormats } from '@/lib/session/clock';
import classes from './Keeping.module.css';
import type { FoundEntry } from './useArchiveSearch';

const ArchivedEntryRowFragment = graphql(`
  fragment ArchivedEntryRow on LogEntry {
    __typename
    id
    seq
    stream
    occurredAt
    action
    outcome
    source
    body
    entity {
      type
      id
      label
    }
    actor {
      id
      name
    }
    recordedAt
    module
    ip
    userAgent
    device
    location
    ... on ActivityEntry {
      actionTitle
      metadata
      changes {
        path
        before
        after
        hidden
      }
    }
    ... on AuthEntry {
      username
      reason
    }
    ... on KeyLogEntry {
      holder {
        id
        name
      }
      comment
      reason
      overrideReason
    }
    ... on WorkEntry {
      person {
        id
        name
      }
      user
      workstation
      reason
    }
  }
`);

/** An entry that only an archive has; the log's own drawer knows nothing of it any more. */
export function ArchivedRow({ found }: { found: FoundEntry }) {
  const entry = unmask(ArchivedEntryRowFragment, found.node);
  const { t } = useTranslation();
  const formats = useFormats();
  const day = (at: string) => formats.day(formats.dateOf(at));
  const view = viewOf(entry.entity);
  return (
    <li className={classes.row}>
      <span className={classes.what}>
        <Instant at={entry.occurredAt} show="full" />
      </span>
      <span className={classes.grow}>
        <ActionMark
          action={entry.action}
          title={entry.__typename === 'ActivityEntry' ? entry.actionTitle : null}
        />{' '}
        {view
          ? t(`views.${view}`)
          : entry.entity?.label || (entry.entity?.type !== 'account' && entry.entity?.id)}
        <span className={classes.under}>
          {t('keeping.inArchive', { from: day(found.archive.oldest), to: day(found.archive.newest) })}
        </span>
      </span>
      <span>{entry.actor?.name ?? '—'}</span>
      <span className={classes.muted}>{entry.source !== 'keytrail' && entry.source}</span>
      <span>{t(`outcomes.${entry.outcome}`)}</span>
      <details className={classes.body}>
        <summary>{t('keeping.entryNumbered', { seq: entry.seq })}</summary>
        <Fields>
          <Details entry={entry} />
          <Origin entry={entry} />
        </Fields>
        {entry.__typename === 'ActivityEntry' && (
          <>
            <Changes changes={entry.changes} />
            <Json name={t('entry.metadata')} value={entry.metadata} />
          </>
        )}
        <p className={classes.under}>{t('keeping.showBody')}</p>
        <pre>{entry.body}</pre>
      </details>
    </li>
  );
}

/** What only entries of one kind tell, as far as whoever looks may see it. */
function Details({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  switch (entry.__typename) {
    case 'AuthEntry':
      return (
        <>
          <Field name={t('entry.username')}>{entry.username}</Field>
          <Field name={t('entry.reason')}>{entry.reason && <Reason code={entry.reason} />}</Field>
        </>
      );
    case 'KeyLogEntry':
      return (
        <>
          <Field name={t('entry.holder')}>{entry.holder?.name}</Field>
          <Field name={t('entry.comment')}>{entry.comment}</Field>
          <Field name={t('entry.reason')}>{entry.reason ?? entry.overrideReason}</Field>
        </>
      );
    case 'WorkEntry':
      return (
        <>
          <Field name={t('entry.person')}>{entry.person?.name}</Field>
          <Field name={t('entry.username')}>{entry.user}</Field>
          <Field name={t('entry.workstation')}>{entry.workstation}</Field>
          <Field name={t('entry.reason')}>{entry.reason}</Field>
        </>
      );
  }
  return null;
}
