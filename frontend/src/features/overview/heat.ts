import { addHour } from '@/components/explore/filter';
import { addDays, daysBetween, isDay } from '@/lib/time/calendar';

/** Two ends as they stand in an address: days, taken in whole, or wall clock readings. */
export interface Window {
  from: string;
  to: string;
}

/** At most this many days are counted by the hour, since the server counts 31 × 24 hours and some days have 25. */
const mostDaysByHour = 30;

/** How many entries there are in each hour of a day, of the clock on the wall. */
export interface HeatDay {
  day: string;
  hours: number[];
}

/** Whether a window is short enough for its hours to be counted. */
export function hasHours({ from, to }: Window): boolean {
  return daysBetween(from.slice(0, 10), to.slice(0, 10)) < mostDaysByHour;
}

/** Lays out counts by the hour, given by the wall clock readings at which hours begin. An hour that a day has twice is one. */
export function heatOf(counts: readonly { reading: string; total: number }[]): HeatDay[] {
  const days = new Map<string, HeatDay>();
  for (const { reading, total } of counts) {
    const day = reading.slice(0, 10);
    const heat = days.get(day) ?? { day, hours: Array<number>(24).fill(0) };
    const hour = Number(reading.slice(11, 13));
    heat.hours[hour] = (heat.hours[hour] ?? 0) + total;
    days.set(day, heat);
  }
  return [...days.values()];
}

/** From 0 for nothing to 4 for the most: small numbers beside large ones can still be told from nothing. */
export function warmth(total: number, most: number): number {
  return most === 0 ? 0 : Math.ceil(4 * Math.sqrt(total / most));
}

/** A day of a window, no further than the window reaches. */
export function dayWithin(day: string, window: Window): Window {
  return {
    from: window.from.slice(0, 10) === day ? window.from : day,
    to: window.to.slice(0, 10) === day ? window.to : day,
  };
}

/** An hour of a day of a window, no further than the window reaches. */
export function hourWithin(day: string, hour: number, window: Window): Window {
  const start = `${day}T${String(hour).padStart(2, '0')}:00`;
  const first = readingOf(window.from);
  const end = window.to.length > 'YYYY-MM-DD'.length ? window.to : null;
  const next = addHour(start);
  return { from: first > start ? first : start, to: end && end < next ? end : next };
}

/** The days of a window that is longer than can be shown by the hour, as a shorter one: its last. */
export function lastDays({ to }: Window): Window {
  return { from: addDays(to.slice(0, 10), 1 - mostDaysByHour), to };
}

function readingOf(bound: string): string {
  return isDay(bound) ? `${bound}T00:00` : bound;
}
