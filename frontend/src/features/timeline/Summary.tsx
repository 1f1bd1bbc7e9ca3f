import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { Reason } from '@/components/entry/Reason';
import { Instant } from '@/components/Instant';
import type { TimelineEntry } from './TimelineRow';

type Kind = NonNullable<TimelineEntry['__typename']>;

/** What each kind of entry says besides who, what and when; a new kind is missing here until it has its own. */
const summaries: { [K in Kind]: ComponentType<{ entry: Extract<TimelineEntry, { __typename?: K }> }> } = {
  KeyLogEntry: ({ entry }) => {
    const { t } = useTranslation();
    return (
      <>
        {entry.dueAt && (
          <>
            {t('timeline.due')} <Instant at={entry.dueAt} />{' '}
          </>
        )}
        {entry.comment && t('movement.quoted', { comment: entry.comment })}
      </>
    );
  },
  AuthEntry: ({ entry }) => (
    <>
      {entry.reason && <Reason code={entry.reason} />}{' '}
      {[entry.device, entry.location].filter(Boolean).join(' · ')}
    </>
  ),
  ActivityEntry: ({ entry }) => {
    const { t } = useTranslation();
    const [first, ...more] = entry.changes;
    if (!first) return null;
    return (
      <>
        {first.path} {!first.hidden && `${said(first.before)} → ${said(first.after)}`}
        {more.length > 0 && ` ${t('timeline.moreChanges', { count: more.length })}`}
      </>
    );
  },
  WorkEntry: ({ entry }) => {
    const { t } = useTranslation();
    return (
      <>
        {[entry.workstation, entry.assurance === 'UNVERIFIED' && t('hours.unverified')]
          .filter(Boolean)
          .join(' · ')}
      </>
    );
  },
  SystemEntry: () => null,
};

export function Summary({ entry }: { entry: TimelineEntry }) {
  const Said = summaries[entry.__typename] as ComponentType<{ entry: TimelineEntry }>;
  return <Said entry={entry} />;
}

/** A JSON value in a line. */
function said(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
