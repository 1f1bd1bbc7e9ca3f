import { Button } from '@mantine/core';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EntryTarget } from '@/components/entry/EntryDrawer';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { useMovements } from '@/components/movement/MovementFeed';
import { MovementRow } from '@/components/movement/MovementRow';
import { type Movement, MovementFragment, merged } from '@/components/movement/movement';
import { useSteadyReading } from '@/components/useSteadyReading';
import { graphql, unmask } from '@/gql';
import type { DayMovementsQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { useSession } from '@/lib/session/session';
import { dayBounds } from '@/lib/time/calendar';
import type { DayFilter } from './DayPanel';
import classes from './DayPanel.module.css';
import print from './Print.module.css';

export const DayMovementsDocument = graphql(`
  query DayMovements($filter: LogFilter!, $first: Int!, $after: Cursor) {
    keyLog(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          ...Movement
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const pageSize = 100;
const mostLive = 500;
const endOf = (data: DayMovementsQuery) => data.keyLog.pageInfo;

interface DayMovementsProps {
  day: string;
  filter: DayFilter;
  open(entry: EntryTarget): void;
}

/** What moved on a day, newest first. New rows slide in without moving what is being read. */
export function DayMovements({ day, filter, open }: DayMovementsProps) {
  const { t } = useTranslation();
  const { timeZone } = useSession().server;
  const bounds = useMemo(() => dayBounds(day, timeZone), [day, timeZone]);
  const pages = usePages(
    DayMovementsDocument,
    { filter: { ...bounds, keyGroup: filter.group }, first: pageSize },
    endOf,
  );
  const [live, setLive] = useState<{ movement: Movement; sliding: boolean }[]>([]);
  const list = useRef<HTMLUListElement>(null);
  const reading = useSteadyReading(list);

  useMovements((entry) => {
    const movement = unmask(MovementFragment, entry);
    if (!isWithin(movement.occurredAt, bounds)) return;
    const sliding = !reading.isUnderWay();
    setLive((former) => [{ movement, sliding }, ...former].slice(0, mostLive));
  });

  const loaded = pages.pages.flatMap((page) =>
    page.keyLog.edges.map(({ node }) => unmask(MovementFragment, node)),
  );
  const rows = merged(
    loaded,
    live.map(({ movement }) => movement),
  ).filter((movement) => passes(movement, filter));
  const arrivals = new Map(live.map(({ movement, sliding }) => [movement.id, sliding]));

  const show = useCallback((movement: Movement) => open({ kind: 'KeyLogEntry', seq: movement.seq }), [open]);
  if (pages.error && rows.length === 0) {
    return <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />;
  }
  if (pages.pages.length === 0) return <SkeletonRows rows={8} />;
  return (
    <>
      {rows.length === 0 && !pages.hasMore && (
        <EmptyState title={t('calendar.nothingMoved')} explanation={t('calendar.nothingMovedExplained')} />
      )}
      <ul className={classes.list} ref={list} aria-label={t('calendar.movements')}>
        {rows.map((movement) => (
          <MovementRow
            key={movement.id}
            movement={movement}
            fresh={arrivals.has(movement.id)}
            sliding={arrivals.get(movement.id)}
            open={show}
          />
        ))}
      </ul>
      {pages.hasMore && <p className={print.only}>{t('calendar.printedInPart')}</p>}
      {pages.hasMore && (
        <Button className={classes.more} variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
    </>
  );
}

function isWithin(instant: string, bounds: { from: string; to: string }): boolean {
  const at = Date.parse(instant);
  return at >= Date.parse(bounds.from) && at < Date.parse(bounds.to);
}

/** The log has no filter by building, and the feed none by group that changes without a new subscription. */
function passes(movement: Movement, filter: DayFilter): boolean {
  if (filter.building && movement.key?.building !== filter.building) return false;
  return !filter.group || (movement.key?.groups.some(({ id }) => id === filter.group) ?? false);
}
