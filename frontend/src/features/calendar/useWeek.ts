import { useEffect, useMemo } from 'react';
import { useMovements } from '@/components/movement/MovementFeed';
import { MovementFragment } from '@/components/movement/movement';
import { unmask } from '@/gql';
import type { DayMovementsQuery } from '@/gql/graphql';
import { usePages } from '@/lib/graphql/usePages';
import { useFormats } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import { addDays, dayBounds } from '@/lib/time/calendar';
import { useSoon } from '@/lib/useSoon';
import { DayMovementsDocument } from './DayMovements';
import type { DayFilter } from './DayPanel';
import { useReservationsWithin } from './DayReservations';
import { useDueLoans } from './DueLoans';
import { byDay, type DatedRow } from './week';

const daysOfWeek = 7;
const pageSize = 100;
/** Beyond it, the week says that it shows only a part. */
const mostPages = 15;
const endOf = (data: DayMovementsQuery) => data.keyLog.pageInfo;

/** What moved in a week up to today, and what is due and reserved from today on, by day. */
export function useWeek(from: string, today: string, filter: DayFilter) {
  const { timeZone } = useSession().server;
  const formats = useFormats();
  const bounds = useMemo(() => dayBounds(from, timeZone, daysOfWeek), [from, timeZone]);
  const moved = usePages(
    DayMovementsDocument,
    { filter: { ...bounds, keyGroup: filter.group }, first: pageSize },
    endOf,
  );
  const due = useDueLoans(bounds, filter);
  const reserved = useReservationsWithin(bounds, filter);
  useMovements(useSoon(moved.refresh, 400));
  useEffect(() => {
    if (moved.hasMore && !moved.loading && moved.pages.length < mostPages) moved.more();
  });

  const days = Array.from({ length: daysOfWeek }, (_, index) => addDays(from, index));
  const rows: DatedRow[] = [
    ...moved.pages
      .flatMap((page) => page.keyLog.edges.map(({ node }) => unmask(MovementFragment, node)))
      .filter(({ key }) => !filter.building || key?.building === filter.building)
      .map(({ id, seq, action, occurredAt, key, entity, holder, actor }) => ({
        id,
        day: formats.dateOf(occurredAt),
        at: occurredAt,
        number: key?.number ?? entity?.label ?? '—',
        who: holder?.name ?? actor?.name ?? '',
        what: { kind: 'moved' as const, action, seq },
      })),
    ...due.rows
      .filter(({ dueAt }) => dueAt && formats.dateOf(dueAt) >= today)
      .map(({ id, dueAt, key, holder }) => ({
        id: `due ${id}`,
        day: formats.dateOf(dueAt ?? ''),
        at: dueAt ?? '',
        number: key.number,
        who: holder.name,
        what: { kind: 'due' as const, key: key.id },
      })),
    ...reserved.rows.flatMap((one) =>
      days
        .filter((day) => day >= today && formats.dateOf(one.from) <= day && day <= formats.dateOf(one.to))
        .map((day) => ({
          id: `reserved ${one.id}`,
          day,
          at: one.from,
          number: one.key.number,
          who: one.holder?.name ?? '',
          what: { kind: 'reserved' as const, key: one.key.id },
        })),
    ),
  ];
  return {
    days,
    columns: byDay(days, rows),
    loading: moved.pages.length === 0,
    complete: !moved.hasMore && !moved.loading,
    inPart: moved.hasMore && moved.pages.length >= mostPages,
    error: moved.error ?? due.error ?? reserved.error,
    refresh: () => {
      moved.refresh();
      due.refresh();
      reserved.refresh();
    },
  };
}
