import { useTranslation } from 'react-i18next';
import { ActionMark } from '@/components/entry/ActionMark';
import { viewOf } from '@/components/entry/views';
import { Instant } from '@/components/Instant';
import { graphql, unmask } from '@/gql';
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
    ... on ActivityEntry {
      actionTitle
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
        {view ? t(`views.${view}`) : entry.entity?.label || entry.entity?.id}
        <span className={classes.under}>
          {t('keeping.inArchive', { from: day(found.archive.oldest), to: day(found.archive.newest) })}
        </span>
      </span>
      <span>{entry.actor?.name ?? '—'}</span>
      <span className={classes.muted}>{entry.source !== 'keytrail' && entry.source}</span>
      <span>{t(`outcomes.${entry.outcome}`)}</span>
      <details className={classes.body}>
        <summary>{t('keeping.entryNumbered', { seq: entry.seq })}</summary>
        <p className={classes.under}>{t('keeping.showBody')}</p>
        <pre>{entry.body}</pre>
      </details>
    </li>
  );
}
