import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { EntryTarget } from '@/components/entry/EntryDrawer';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { failureOf } from '@/lib/graphql/failure';
import { weekStart } from '@/lib/time/calendar';
import type { DayFilter } from './DayPanel';
import { useWeek } from './useWeek';
import { WeekColumn } from './WeekColumn';
import classes from './WeekView.module.css';
import { mostRows, placeAfter } from './week';

interface WeekViewProps {
  /** A day of the week. */
  day: string;
  today: string;
  filter: DayFilter;
  open(entry: EntryTarget): void;
  openDay(day: string): void;
}

/** Seven days beside each other, each with what moved and what it brings. Arrows move, Enter opens. */
export function WeekView({ day, today, filter, open, openDay }: WeekViewProps) {
  const { t } = useTranslation();
  const week = useWeek(weekStart(day), today, filter);
  const columns = useRef<HTMLDivElement>(null);
  if (week.error) return <FailureNotice failure={failureOf(week.error)} retry={week.refresh} />;
  if (week.loading) return <SkeletonRows rows={8} />;

  const lines = week.days.map((each) => {
    const rows = week.columns.get(each)?.length ?? 0;
    return rows > mostRows ? mostRows + 1 : rows;
  });
  const press = (event: KeyboardEvent) => {
    const at = event.target instanceof HTMLElement && event.target.closest<HTMLElement>('[data-line]');
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
    const place = { column: Number(at.dataset.column), line: Number(at.dataset.line) };
    const next = placeAfter(event.key, place, lines);
    if (!next) return;
    event.preventDefault();
    columns.current
      ?.querySelector<HTMLElement>(`[data-column="${next.column}"][data-line="${next.line}"]`)
      ?.focus();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the buttons and links in it */}
      <div className={classes.week} ref={columns} onKeyDown={press}>
        {week.days.map((each, index) => (
          <WeekColumn
            key={each}
            day={each}
            column={index}
            today={today}
            reachable={each === day}
            complete={week.complete}
            rows={week.columns.get(each) ?? []}
            open={open}
            openDay={() => openDay(each)}
          />
        ))}
      </div>
      {week.inPart && <p>{t('calendar.weekInPart')}</p>}
    </>
  );
}
