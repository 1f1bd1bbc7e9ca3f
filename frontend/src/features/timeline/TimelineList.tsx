import { Button } from '@mantine/core';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EntryTarget } from '@/components/entry/EntryDrawer';
import { ReviewedFragment } from '@/components/entry/reviewQuery';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { useSteadyReading } from '@/components/useSteadyReading';
import { graphql, unmask } from '@/gql';
import type { LogFilter, TimelineQuery } from '@/gql/graphql';
import { withArrivals } from '@/lib/graphql/arrivals';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import type { TimelineSearch } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { MarkDialog } from './MarkDialog';
import { ReviewBar } from './ReviewBar';
import classes from './Timeline.module.css';
import { type TimelineEntry, TimelineEntryFragment, TimelineRow } from './TimelineRow';
import { useMarking } from './useMarking';
import { type RowActions, useRowKeys } from './useRowKeys';
import { useTimelineFeed } from './useTimelineFeed';

const TimelineDocument = graphql(`
  query Timeline($filter: LogFilter!, $first: Int!, $after: Cursor) {
    timeline(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          ...TimelineEntry
          ...Reviewed
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
  /** Called for each entry that arrives. */
  grown(): void;
  open(entry: EntryTarget): void;
  /** Narrows the filter by what the current entry says. */
  narrow(change: TimelineSearch): void;
}

/** Entries of all streams, newest first; while it is live, what arrives comes where it belongs. */
export function TimelineList({ filter, live, grown, open, narrow }: TimelineListProps) {
  const { t } = useTranslation();
  const pages = usePages(TimelineDocument, { filter, first: 100 }, endOf);
  const [arrived, setArrived] = useState<TimelineEntry[]>([]);
  useTimelineFeed(live ? filter : null, (entry) => {
    setArrived((former) => [entry, ...former].slice(0, mostLive));
    grown();
  });
  const nodes = pages.pages.flatMap((page) => page.timeline.edges.map(({ node }) => node));
  const loaded = nodes.map((node) => unmask(TimelineEntryFragment, node));
  const reviews = new Map(nodes.map((node) => [node.id, unmask(ReviewedFragment, node).review]));
  const rows = withArrivals(loaded, arrived, pages.hasMore);
  const entries = rows.map(({ entry }) => entry);
  const list = useRef<HTMLUListElement>(null);
  useSteadyReading(list, entries[0]?.id);
  const show = useCallback(
    (entry: TimelineEntry) => open({ kind: entry.__typename, seq: entry.seq }),
    [open],
  );
  const mayReview = useCan('LOGS_REVIEW');
  const marking = useMarking();
  const current = useRowKeys(entries, useActions(show, narrow, mayReview ? marking : null));
  if (pages.error && loaded.length === 0) {
    return <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />;
  }
  if (pages.pages.length === 0) return <SkeletonRows rows={14} />;
  if (entries.length === 0) {
    return <EmptyState title={t('timeline.none')} explanation={t('timeline.noneExplained')} />;
  }
  const marked = () => {
    // Only what was loaded follows the cache.
    if (marking.asked?.entries.some(({ id }) => !reviews.has(id))) pages.refresh();
    marking.done();
  };
  return (
    <>
      {mayReview && (
        <ReviewBar
          shown={entries.length}
          chosen={marking.chosen.size}
          chooseAll={(all) => marking.chooseThese(all ? entries : [])}
          mark={marking.mark}
        />
      )}
      <ul
        ref={list}
        className={classes.list}
        aria-label={t('timeline.title')}
        data-choosable={mayReview || undefined}
      >
        {rows.map(({ entry, fresh }) => (
          <TimelineRow
            key={entry.id}
            entry={entry}
            review={reviews.get(entry.id) ?? null}
            fresh={fresh}
            current={entry.id === current}
            open={show}
            chosen={marking.chosen.has(entry.id)}
            choose={mayReview ? marking.choose : undefined}
          />
        ))}
      </ul>
      {pages.hasMore && (
        <Button className={classes.more} variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      {marking.asked && (
        <MarkDialog
          said={marking.asked.said}
          entries={marking.asked.entries.map(({ seq }) => seq)}
          close={marking.cancel}
          marked={marked}
        />
      )}
    </>
  );
}

/** What keys do with the current entry: o opens, f filters by its action; for reviewers r, ! and Space. */
function useActions(
  show: (entry: TimelineEntry) => void,
  narrow: (change: TimelineSearch) => void,
  marking: ReturnType<typeof useMarking> | null,
): RowActions<TimelineEntry> {
  const { mark, choose } = marking ?? {};
  return useMemo(
    () => ({
      o: show,
      f: ({ action }) => narrow({ action }),
      ...(mark && choose
        ? {
            r: (entry: TimelineEntry) => mark('REVIEWED', entry),
            '!': (entry: TimelineEntry) => mark('FLAGGED', entry),
            ' ': choose,
          }
        : {}),
    }),
    [show, narrow, mark, choose],
  );
}

function endOf(data: TimelineQuery) {
  return data.timeline.pageInfo;
}
