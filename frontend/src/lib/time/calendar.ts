import { Temporal } from 'temporal-polyfill';

/** Days of the strip: seven before today, today at the eighth place, 29 after. */
export const stripDays = 37;
const daysBeforeToday = 7;

/** The first day of a strip with this day at the eighth place. Days are YYYY-MM-DD. */
export function stripStart(today: string): string {
  return addDays(today, -daysBeforeToday);
}

/** Today's day in a time zone, at an instant given in milliseconds since 1970. */
export function dayIn(zone: string, instant: number): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The day that lies some days after another (before, when negative). */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** The day in the same place of another month; the last of the month where it has no such day. */
export function addMonths(day: string, months: number): string {
  return Temporal.PlainDate.from(day).add({ months }).toString();
}

/** How many days lie between two days; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days;
}

/** Day of the week: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export function weekdayOf(day: string): Weekday {
  return Temporal.PlainDate.from(day).dayOfWeek as Weekday;
}

export function isWeekend(day: string): boolean {
  return weekdayOf(day) >= 6;
}

/** Whether a text is a day of the calendar, written YYYY-MM-DD. */
export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is a day, or a wall clock reading of one (YYYY-MM-DDTHH:MM). */
export function isBound(text: unknown): text is string {
  return (
    isDay(text) ||
    (typeof text === 'string' && /^.{10}T([01]\d|2[0-3]):[0-5]\d$/.test(text) && isDay(text.slice(0, 10)))
  );
}

/** Two instants, RFC 3339 in UTC: from the one on, and before the other. */
export interface Bounds {
  from: string;
  to: string;
}

/** When some days in a row (one unless said otherwise) begin and end in a zone. A day may have 23 or 25 hours. */
export function dayBounds(day: string, zone: string, days = 1): Bounds {
  const date = Temporal.PlainDate.from(day);
  return { from: startOf(date, zone), to: startOf(date.add({ days }), zone) };
}

/** The Monday of a day's week. */
export function weekStart(day: string): string {
  return addDays(day, 1 - weekdayOf(day));
}

/** Milliseconds from an instant to the next midnight of a zone. */
export function untilMidnight(zone: string, instant: number): number {
  const now = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return now.toPlainDate().add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - instant;
}

/** The instant of a wall clock reading (YYYY-MM-DDTHH:MM) in a zone, RFC 3339 in UTC; null when unreadable. */
export function instantOf(wallClock: string, zone: string): string | null {
  try {
    return Temporal.PlainDateTime.from(wallClock).toZonedDateTime(zone).toInstant().toString();
  } catch {
    return null;
  }
}

/** The wall clock reading (YYYY-MM-DDTHH:MM) of an instant in a zone. */
export function wallClockOf(instant: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });
}

function startOf(date: Temporal.PlainDate, zone: string): string {
  return date.toZonedDateTime(zone).toInstant().toString();
}
