import { ActionIcon, Checkbox } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionMark } from '@/components/entry/ActionMark';
import { nameOfThing } from '@/components/entry/thing';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { TimelineEntryFragment as Entry, ReviewedFragment } from '@/gql/graphql';
import { ReviewChip } from './ReviewChip';
import { Summary } from './Summary';
import classes from './Timeline.module.css';

export const TimelineEntryFragment = graphql(`
  fragment TimelineEntry on LogEntry {
    __typename
    id
    seq
    cursor
    stream
    occurredAt
    action
    outcome
    module
    source
    entity {
      type
      id
      label
    }
    actor {
      id
      name
    }
    ... on KeyLogEntry {
      holder {
        id
        name
      }
      comment
      dueAt
    }
    ... on AuthEntry {
      username
      reason
      device
      location
    }
    ... on WorkEntry {
      workstation
      assurance
      person {
        id
        name
      }
    }
    ... on ActivityEntry {
      actionTitle
      changes {
        path
        before
        after
        hidden
      }
    }
  }
`);

export type TimelineEntry = Entry;

interface TimelineRowProps {
  entry: TimelineEntry;
  review: ReviewedFragment['review'] | null;
  fresh?: boolean;
  /** It is the one that keys act upon. */
  current: boolean;
  open(entry: TimelineEntry): void;
  chosen: boolean;
  /** Takes it among the chosen entries, or out; absent where none are chosen. */
  choose?: ((entry: TimelineEntry) => void) | undefined;
}

/** One entry of any stream, in a line. */
export const TimelineRow = memo(function TimelineRow({
  entry,
  review,
  fresh = false,
  current,
  open,
  chosen,
  choose,
}: TimelineRowProps) {
  const { t } = useTranslation();
  return (
    <li
      className={classes.row}
      data-row={entry.id}
      data-fresh={fresh || undefined}
      data-outcome={entry.outcome}
      data-current={current || undefined}
      aria-current={current || undefined}
    >
      {choose && (
        <Checkbox
          className={classes.choose}
          size="xs"
          checked={chosen}
          onChange={() => choose(entry)}
          aria-label={t('review.choose', { seq: entry.seq })}
        />
      )}
      <span className={classes.time}>
        <Instant at={entry.occurredAt} />
      </span>
      <span className={classes.action}>
        <ActionMark
          action={entry.action}
          title={entry.__typename === 'ActivityEntry' ? entry.actionTitle : null}
        />
      </span>
      <span className={classes.entity}>
        <strong>{nameOf(entry)}</strong>
      </span>
      <span className={classes.person}>{personOf(entry) ?? '—'}</span>
      <span className={classes.module}>
        {entry.module || (entry.source !== 'keytrail' && entry.source) || ''}
      </span>
      <span className={classes.summary}>
        {review && <ReviewChip review={review} />}
        <Summary entry={entry} />{' '}
        {entry.actor &&
          entry.actor.name !== personOf(entry) &&
          t('timeline.byActor', { name: entry.actor.name })}
      </span>
      <span className={classes.outcome}>{t(`outcomes.${entry.outcome}`)}</span>
      <ActionIcon
        className={classes.details}
        variant="subtle"
        color="gray"
        onClick={() => open(entry)}
        aria-label={t('timeline.details', { seq: entry.seq })}
      >
        <IconListDetails size={17} stroke={1.7} />
      </ActionIcon>
    </li>
  );
});

/** How the thing is called that the entry is about. */
function nameOf(entry: TimelineEntry): string | undefined {
  const known = entry.entity?.label || (entry.__typename === 'AuthEntry' && entry.username);
  return known || nameOfThing(entry.entity);
}

/** Whom the entry is about, as far as it names somebody. */
function personOf(entry: TimelineEntry): string | undefined {
  if (entry.__typename === 'KeyLogEntry' && entry.holder) return entry.holder.name;
  if (entry.__typename === 'WorkEntry') return entry.person?.name;
  if (entry.__typename === 'AuthEntry') return entry.actor?.name ?? entry.username ?? undefined;
  return entry.actor?.name;
}
