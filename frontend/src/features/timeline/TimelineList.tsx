import { Button } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EntryTarget } from '@/components/entry/EntryDrawer';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { graphql, unmask } from '@/gql';
import type { LogFilter, TimelineQuery } from '@/gql/graphql';
import { withArrivals } from '@/lib/graphql/arrivals';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import type { TimelineSearch } from '@/lib/paths';
import { isForPage, singleKeysEnabled } from '@/lib/singleKeys';
import classes from './Timeline.module.css';
import { type TimelineEntry, TimelineEntryFragment, TimelineRow } from './TimelineRow';
import { useTimelineFeed } from './useTimelineFeed';

const TimelineDocument = graphql(`
  query Timeline($filter: LogFilter!, $first: Int!, $after: Cursor) {
    timeline(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          ...TimelineEntry
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const mostLive = 500;

interface TimelineListProps {
  filter: LogFilter;
  live: boolean;
  open(entry: EntryTarget): void;
  /** Narrows the filter by what the current entry says. */
  narrow(change: TimelineSearch): void;
}

/** Entries of all streams, newest first; while it is live, what arrives comes where it belongs. */
export function TimelineList({ filter, live, open, narrow }: TimelineListProps) {
  const { t } = useTranslation();
  const pages = usePages(TimelineDocument, { filter, first: 100 }, endOf);
  const [arrived, setArrived] = useState<TimelineEntry[]>([]);
  useTimelineFeed(live ? filter : null, (entry) =>
    setArrived((former) => [entry, ...former].slice(0, mostLive)),
  );
  const loaded = pages.pages.flatMap((page) =>
    page.timeline.edges.map(({ node }) => unmask(TimelineEntryFragment, node)),
  );
  const rows = withArrivals(loaded, arrived, pages.hasMore);
  const entries = rows.map(({ entry }) => entry);
  const show = useCallback(
    (entry: TimelineEntry) => open({ kind: entry.__typename, seq: entry.seq }),
    [open],
  );
  const current = useCurrent(entries, show, narrow);
  if (pages.error && loaded.length === 0) {
    return <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />;
  }
  if (pages.pages.length === 0) return <SkeletonRows rows={14} />;
  if (entries.length === 0) {
    return <EmptyState title={t('timeline.none')} explanation={t('timeline.noneExplained')} />;
  }
  return (
    <>
      <ul className={classes.list} aria-label={t('timeline.title')}>
        {rows.map(({ entry, fresh }) => (
          <TimelineRow
            key={entry.id}
            entry={entry}
            fresh={fresh}
            current={entry.id === current}
            open={show}
          />
        ))}
      </ul>
      {pages.hasMore && (
        <Button className={classes.more} variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
    </>
  );
}

/** The entry that keys act upon: j and k move, o opens, f filters by its action. */
function useCurrent(
  entries: TimelineEntry[],
  show: (entry: TimelineEntry) => void,
  narrow: (change: TimelineSearch) => void,
): string | undefined {
  const [current, setCurrent] = useState<string>();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!isForPage(event) || !singleKeysEnabled()) return;
      const at = entries.findIndex(({ id }) => id === current);
      const step = { j: 1, k: -1 }[event.key];
      const entry = entries[at];
      if (step) {
        const next = entries[Math.min(Math.max(at + step, 0), entries.length - 1)];
        setCurrent(next?.id);
        requestAnimationFrame(() =>
          document.querySelector('li[aria-current]')?.scrollIntoView({ block: 'nearest' }),
        );
      } else if (entry && event.key === 'o') show(entry);
      else if (entry && event.key === 'f') narrow({ action: entry.action });
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [entries, current, show, narrow]);
  return current;
}

function endOf(data: TimelineQuery) {
  return data.timeline.pageInfo;
}
