import { Temporal } from 'temporal-polyfill';

export type DuePresetName = 'hour' | 'today' | 'tomorrow' | 'week';

export interface DuePreset {
  name: DuePresetName;
  /** RFC 3339 in UTC. */
  at: string;
}

/** When keys are usually back: five in the afternoon. */
const closing = Temporal.PlainTime.from('17:00');

/** Due times worth a click, at an instant (milliseconds) in a zone: in an hour, at closing today, tomorrow, in a week. */
export function duePresets(now: number, zone: string): DuePreset[] {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  const closingAfter = (days: number) =>
    here.toPlainDate().add({ days }).toZonedDateTime({ timeZone: zone, plainTime: closing });
  const presets: [DuePresetName, Temporal.ZonedDateTime][] = [
    ['hour', here.add({ hours: 1 }).round({ smallestUnit: 'minute', roundingMode: 'ceil' })],
    ['today', closingAfter(0)],
    ['tomorrow', closingAfter(1)],
    ['week', closingAfter(7)],
  ];
  return presets
    .filter(([, at]) => at.epochMilliseconds > now)
    .map(([name, at]) => ({ name, at: at.toInstant().toString() }));
}

/** The next instant at which clocks of a zone show a time of day such as 17:30 or 9.05, RFC 3339 in UTC; null when it is none. */
export function nextTimeOfDay(text: string, now: number, zone: string): string | null {
  const [, hour, minute] = /^(\d{1,2})[:.](\d{2})$/.exec(text.trim()) ?? [];
  if (Number(hour) > 23 || Number(minute) > 59 || hour === undefined) return null;
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  const plainTime = Temporal.PlainTime.from({ hour: Number(hour), minute: Number(minute) });
  const onDay = (days: number) =>
    here.toPlainDate().add({ days }).toZonedDateTime({ timeZone: zone, plainTime });
  const today = onDay(0);
  return (today.epochMilliseconds > now ? today : onDay(1)).toInstant().toString();
}
