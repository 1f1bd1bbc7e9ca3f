import { addDays, addMonths, type Weekday, weekdayOf } from '@/lib/time/calendar';
import { type HoursCell, hasWork, sumOf } from './grid';

/** How much a day was worked: 0 not at all, 4 most. */
export type Level = 0 | 1 | 2 | 3 | 4;

/** The most real hours of each level but the last. */
export const levelEnds = [3, 6, 9] as const;

export interface HeatDay {
  day: string;
  hours: HoursCell | null;
  level: Level;
}

export interface HeatMonth {
  /** Its first day. */
  first: string;
  /** Of its first day. */
  weekday: Weekday;
  days: HeatDay[];
  sum: HoursCell;
  /** How many of its days were worked. */
  worked: number;
}

/** The months of a year with every day and what was worked on it. */
export function monthsOf(year: string, hours: readonly HoursCell[]): HeatMonth[] {
  const byDay = new Map(hours.map((one) => [one.from, one]));
  return Array.from({ length: 12 }, (_, month) => {
    const first = addMonths(`${year}-01-01`, month);
    const days: HeatDay[] = [];
    for (let day = first; day < addMonths(first, 1); day = addDays(day, 1)) {
      const worked = byDay.get(day) ?? null;
      days.push({ day, hours: worked, level: levelOf(worked) });
    }
    const all = days.map((day) => day.hours);
    return { first, weekday: weekdayOf(first), days, sum: sumOf(all), worked: all.filter(Boolean).length };
  });
}

function levelOf(hours: HoursCell | null): Level {
  if (!hours || !hasWork(hours)) return 0;
  const level = levelEnds.findIndex((end) => hours.realHours <= end);
  return (level < 0 ? 4 : level + 1) as Level;
}
