/** Writes instants and days the way a person reads them, in one language and one zone. */
export interface Formats {
  /** 10:31 */
  time(instant: string): string;
  /** 10:31:07 */
  seconds(instant: string): string;
  /** Sun 22 Nov */
  shortDay(day: string): string;
  /** 22 Nov */
  dayOfMonth(day: string): string;
  /** 22 Nov 2026 */
  day(day: string): string;
  /** Sunday 22 November 2026 */
  longDay(day: string): string;
  /** November */
  month(day: string): string;
  /** 22 Nov 2026, 10:31 */
  dateTime(instant: string): string;
  /** 10:31 today, 22 Nov 10:31 this year, 22 Nov 2025 before. */
  compact(instant: string, today: string): string;
  /** 2026-11-22, the date in the zone */
  dateOf(instant: string): string;
  /** 2026-11-22 08:31:07.000 UTC */
  utc(instant: string): string;
  /** 5 minutes ago */
  ago(instant: number, now: number): string;
  /** 45m, 22h 15m or 3d 4h: a length in whole minutes, in its two largest units. */
  length(minutes: number): string;
  number(value: number): string;
}

const locales: Record<string, string> = { en: 'en-GB', lv: 'lv' };

export function formatsFor(language: string, zone: string): Formats {
  const locale = locales[language] ?? 'en-GB';
  const inZone = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  const ofDay = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });

  const time = inZone({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const seconds = inZone({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const dayAndTime = inZone({
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const dateTime = inZone({ dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
  const date = inZone({ dateStyle: 'medium' });
  const isoDay = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const shortDay = ofDay({ weekday: 'short', day: 'numeric', month: 'short' });
  const dayOfMonth = ofDay({ day: 'numeric', month: 'short' });
  const day = ofDay({ dateStyle: 'medium' });
  const longDay = ofDay({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const month = ofDay({ month: 'long' });
  const number = new Intl.NumberFormat(locale);
  const narrow = (unit: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' });
  const lengths = { day: narrow('day'), hour: narrow('hour'), minute: narrow('minute') };
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });

  return {
    time: (instant) => time.format(new Date(instant)),
    seconds: (instant) => seconds.format(new Date(instant)),
    shortDay: (day) => shortDay.format(noonOf(day)),
    dayOfMonth: (day) => dayOfMonth.format(noonOf(day)),
    day: (one) => day.format(noonOf(one)),
    longDay: (day) => capitalised(longDay.format(noonOf(day)), locale),
    month: (day) => capitalised(month.format(noonOf(day)), locale),
    dateTime: (instant) => dateTime.format(new Date(instant)),
    compact: (instant, today) => {
      const at = new Date(instant);
      const day = isoDay.format(at);
      if (day === today) return time.format(at);
      return day.slice(0, 4) === today.slice(0, 4) ? dayAndTime.format(at) : date.format(at);
    },
    dateOf: (instant) => isoDay.format(new Date(instant)),
    utc: (instant) => `${new Date(instant).toISOString().replace('T', ' ').replace('Z', '')} UTC`,
    ago: (instant, now) => relativeText(relative, Math.round((instant - now) / 1000)),
    length: (minutes) => lengthText(lengths, minutes),
    number: (value) => number.format(value),
  };
}

function lengthText(
  units: { day: Intl.NumberFormat; hour: Intl.NumberFormat; minute: Intl.NumberFormat },
  minutes: number,
) {
  const parts = [
    { unit: units.day, count: Math.floor(minutes / 1440) },
    { unit: units.hour, count: Math.floor(minutes / 60) % 24 },
    { unit: units.minute, count: minutes % 60 },
  ];
  const largest = parts.findIndex((part) => part.count > 0);
  if (largest < 0) return units.minute.format(0);
  const shown = parts.slice(largest, largest + 2).filter((part) => part.count > 0);
  return shown.map((part) => part.unit.format(part.count)).join(' ');
}

function relativeText(relative: Intl.RelativeTimeFormat, seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 60) return relative.format(seconds, 'second');
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}

function noonOf(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}

function capitalised(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
