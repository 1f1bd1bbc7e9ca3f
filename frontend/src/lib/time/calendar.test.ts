import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  dayBounds,
  dayIn,
  daysBetween,
  instantOf,
  isDay,
  isWeekend,
  stripStart,
  untilMidnight,
  wallClockOf,
} from './calendar';
import { duePresets, nextTimeOfDay } from './due';

const riga = 'Europe/Riga';
const hour = 3_600_000;
const at = (instant: string) => Date.parse(instant);
const length = (day: string, zone: string) => {
  const { from, to } = dayBounds(day, zone);
  return (at(to) - at(from)) / hour;
};

describe('the strip', () => {
  it('has today at the eighth place and 37 days', () => {
    const from = stripStart('2026-11-22');
    expect(from).toBe('2026-11-15');
    expect(addDays(from, 7)).toBe('2026-11-22');
    expect(addDays(from, 36)).toBe('2026-12-21');
    expect(daysBetween(from, '2026-12-21')).toBe(36);
  });

  it('moves by months to the last day where a month is shorter', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  });

  it('knows weekends', () => {
    expect(['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map(isWeekend)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('days of a zone', () => {
  it('change at the midnight of the zone, not of UTC', () => {
    expect(dayIn(riga, at('2026-11-22T21:59:59Z'))).toBe('2026-11-22');
    expect(dayIn(riga, at('2026-11-22T22:00:00Z'))).toBe('2026-11-23');
    expect(dayIn('Asia/Dubai', at('2026-11-22T20:30:00Z'))).toBe('2026-11-23');
  });

  it('have 23 hours in spring, 25 in autumn and 24 otherwise', () => {
    expect(length('2026-03-29', riga)).toBe(23);
    expect(length('2026-10-25', riga)).toBe(25);
    expect(length('2026-11-22', riga)).toBe(24);
  });

  it('begin at one o’clock where summer time skips midnight', () => {
    expect(dayBounds('2026-04-24', 'Africa/Cairo').from).toBe('2026-04-23T22:00:00Z');
  });

  it('end when the clock of the zone says so', () => {
    expect(untilMidnight(riga, at('2026-10-24T21:00:00Z'))).toBe(25 * hour);
  });
});

describe('wall clock readings', () => {
  it('become instants of the zone and back', () => {
    expect(instantOf('2026-11-22T17:00', riga)).toBe('2026-11-22T15:00:00Z');
    expect(instantOf('2026-07-01T17:00', riga)).toBe('2026-07-01T14:00:00Z');
    expect(wallClockOf(at('2026-07-01T14:00:00Z'), riga)).toBe('2026-07-01T17:00');
  });

  it('that nobody could have read are refused', () => {
    expect(instantOf('yesterday', riga)).toBeNull();
    expect(isDay('2026-02-30')).toBe(false);
    expect(isDay('2026-2-3')).toBe(false);
    expect(isDay('2026-02-28')).toBe(true);
  });
});

describe('due presets', () => {
  it('offer closing time today only while it lies ahead', () => {
    const names = (now: string) => duePresets(at(now), riga).map(({ name }) => name);
    expect(names('2026-11-22T14:59:00Z')).toEqual(['hour', 'today', 'tomorrow', 'week']);
    expect(names('2026-11-22T15:00:00Z')).toEqual(['hour', 'tomorrow', 'week']);
  });

  it('keep five o’clock across a change of summer time', () => {
    const week = duePresets(at('2026-10-20T08:00:00Z'), riga).find(({ name }) => name === 'week');
    expect(week?.at).toBe('2026-10-27T15:00:00Z');
  });
});

describe('a time of day that is typed', () => {
  const next = (text: string, now = '2026-11-22T15:00:00Z') => nextTimeOfDay(text, at(now), riga);

  it('is the next one on the clocks of the zone', () => {
    expect(next('17:30')).toBe('2026-11-22T15:30:00Z');
    expect(next(' 9.05 ')).toBe('2026-11-23T07:05:00Z');
    expect(next('17:00')).toBe('2026-11-23T15:00:00Z');
  });

  it.each(['30011732', '24:00', '7:60', '17', 'noon', ''])('is not %j', (text) => {
    expect(next(text)).toBeNull();
  });
});
