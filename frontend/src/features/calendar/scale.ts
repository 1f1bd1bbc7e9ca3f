import type { DayCounts } from './useCalendarDays';

/** Below this many movements a day, bars stay short rather than fill their cell. */
const least = 4;

/** The number that fills a cell: the highest count that the strip shows. */
export function highest(
  days: readonly string[],
  counts: ReadonlyMap<string, DayCounts>,
  today: string,
): number {
  const shown = days.flatMap((day) => {
    const known = counts.get(day);
    return known ? Object.values(shownCounts(known, today)) : [];
  });
  return Math.max(least, ...shown);
}

/** Issued and returned belong to today and the past, reserved and due to today and the future. */
export function shownCounts(counts: DayCounts, today: string): Omit<DayCounts, 'date'> {
  const movements = counts.date <= today;
  return {
    issued: movements ? counts.issued : 0,
    returned: movements ? counts.returned : 0,
    reserved: counts.date >= today ? counts.reserved : 0,
    due: counts.date >= today ? counts.due : 0,
  };
}

/** The months of some days in a row: first day in the row, and how many days of it. */
export function monthSpans(days: readonly string[]): { first: string; length: number }[] {
  const spans: { first: string; length: number }[] = [];
  for (const day of days) {
    const last = spans.at(-1);
    if (last?.first.slice(0, 7) === day.slice(0, 7)) last.length += 1;
    else spans.push({ first: day, length: 1 });
  }
  return spans;
}
