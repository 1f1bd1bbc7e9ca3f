import { addDays, addMonths, daysBetween, isDay } from '@/lib/time/calendar';

/** The days of a report, YYYY-MM-DD in the display zone, both in it. */
export interface Period {
  from: string;
  to: string;
}

/** The periods that a report is commonly made of. */
export const usualPeriods = ['thisMonth', 'lastMonth', 'lastQuarter'] as const;
export type UsualPeriod = (typeof usualPeriods)[number];

/** A report covers at most so many days; the server says so too. */
const mostDays = 366;

/** The days of a usual period: none of them lies after today. */
export function usualPeriod(which: UsualPeriod, today: string): Period {
  const month = `${today.slice(0, 7)}-01`;
  switch (which) {
    case 'thisMonth':
      return { from: month, to: today };
    case 'lastMonth':
      return { from: addMonths(month, -1), to: addDays(month, -1) };
    case 'lastQuarter': {
      const quarter = addMonths(month, -((Number(today.slice(5, 7)) - 1) % 3));
      return { from: addMonths(quarter, -3), to: addDays(quarter, -1) };
    }
  }
}

/** What is wrong with chosen days, and at which end. */
export interface Complaint {
  field: keyof Period;
  what: 'noDate' | 'backwards' | 'future' | 'tooLong';
}

/** Checks chosen days as the server does, to say so where they are typed. */
export function complaintOf({ from, to }: Period, today: string): Complaint | null {
  if (!isDay(from)) return { field: 'from', what: 'noDate' };
  if (!isDay(to)) return { field: 'to', what: 'noDate' };
  if (to < from) return { field: 'to', what: 'backwards' };
  if (to > today) return { field: 'to', what: 'future' };
  if (daysBetween(from, to) >= mostDays) return { field: 'to', what: 'tooLong' };
  return null;
}
