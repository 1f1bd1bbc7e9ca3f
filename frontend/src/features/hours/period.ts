import { addDays, addMonths, weekStart } from '@/lib/time/calendar';

/** What the page shows at once. */
export type View = 'day' | 'week' | 'month' | 'year';

/** Days from the first to the last, both included, as YYYY-MM-DD. */
export interface Days {
  from: string;
  to: string;
}

/** The day, week (from Monday), month or year that a day lies in. */
export function periodOf(view: View, day: string): Days {
  if (view === 'day') return { from: day, to: day };
  if (view === 'week') return { from: weekStart(day), to: addDays(weekStart(day), 6) };
  if (view === 'year') return { from: `${day.slice(0, 4)}-01-01`, to: `${day.slice(0, 4)}-12-31` };
  const from = `${day.slice(0, 8)}01`;
  return { from, to: addDays(addMonths(from, 1), -1) };
}

/** A day of the period before (-1) or after (1) the one of a day. */
export function shifted(view: View, day: string, by: -1 | 1): string {
  if (view === 'month') return addMonths(day, by);
  if (view === 'year') return addMonths(day, 12 * by);
  return addDays(day, view === 'week' ? 7 * by : by);
}

/** What a grid has columns for: the days of a week, or the whole weeks that a month touches. */
export function columnsOf(view: 'week' | 'month', { from, to }: Days): Days[] {
  const columns: Days[] = [];
  const step = view === 'week' ? 1 : 7;
  for (let at = view === 'week' ? from : weekStart(from); at <= to; at = addDays(at, step)) {
    columns.push({ from: at, to: addDays(at, step - 1) });
  }
  return columns;
}
