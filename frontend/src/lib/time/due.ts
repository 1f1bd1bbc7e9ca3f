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
