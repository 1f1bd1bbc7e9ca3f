import { addDays, instantOf } from '@/lib/time/calendar';

/** A time of work as the server tells it; instants are RFC 3339. */
export interface Stretch {
  from: string;
  to: string;
  estimated: boolean;
  corrected: boolean;
}

/** A day as the bar's ends: 23 to 25 hours apart. */
export interface DayEnds {
  startsAt: string;
  endsAt: string;
}

/** Where something lies on the bar, as shares of the day from 0 to 1. */
export interface Place {
  start: number;
  length: number;
}

export interface Bar extends Stretch, Place {}

/** A wall clock hour on the bar's axis. */
export interface HourMark {
  hour: number;
  at: number;
}

/** How long a block of uninterrupted work is, in milliseconds. */
export const blockLength = 40 * 60_000;

/** Where times of work lie on the day's bar. What lies outside of the day is cut off; what is empty then is left out. */
export function barsOf(day: DayEnds, stretches: readonly Stretch[]): Bar[] {
  return stretches.flatMap((stretch) => {
    const place = placeOf(day, Date.parse(stretch.from), Date.parse(stretch.to));
    return place ? [{ ...stretch, ...place }] : [];
  });
}

/** Where blocks that begin at some instants lie on the day's bar; the last may reach into the next day and is cut off. */
export function blocksOf(day: DayEnds, beginnings: readonly string[]): Place[] {
  return beginnings.flatMap((beginning) => {
    const start = Date.parse(beginning);
    return placeOf(day, start, start + blockLength) ?? [];
  });
}

/** The hours of the wall clock, each some hours after the other, on the bar of a date of a zone; an hour skipped in spring stands where the clock goes on. */
export function hourMarks(date: string, zone: string, every: number): HourMark[] {
  const start = Date.parse(instantOf(`${date}T00:00`, zone) ?? '');
  const end = Date.parse(instantOf(`${addDays(date, 1)}T00:00`, zone) ?? '');
  const hours = Array.from({ length: Math.ceil(24 / every) }, (_, index) => index * every);
  return hours.map((hour) => {
    const at = Date.parse(instantOf(`${date}T${String(hour).padStart(2, '0')}:00`, zone) ?? '');
    return { hour, at: (at - start) / (end - start) };
  });
}

function placeOf({ startsAt, endsAt }: DayEnds, from: number, to: number): Place | null {
  const start = Date.parse(startsAt);
  const whole = Date.parse(endsAt) - start;
  const first = Math.max(0, (from - start) / whole);
  const last = Math.min(1, (to - start) / whole);
  return last > first ? { start: first, length: last - first } : null;
}
