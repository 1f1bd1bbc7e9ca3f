import { describe, expect, it } from 'vitest';
import { dayBounds } from '@/lib/time/calendar';
import { barsOf, blocksOf, hourMarks } from './bars';

const riga = 'Europe/Riga';
const spring = '2026-03-29'; // 23 hours: from 03:00 to 04:00 nothing
const autumn = '2026-10-25'; // 25 hours: from 03:00 to 04:00 twice
const usual = '2026-11-26';

const ends = (date: string) => {
  const { from, to } = dayBounds(date, riga);
  return { startsAt: from, endsAt: to };
};
const stretch = (from: string, to: string) => ({ from, to, estimated: false, corrected: false });

describe('bars of a day', () => {
  it.each([
    [usual, 24],
    [spring, 23],
    [autumn, 25],
  ])('on %s share out %i hours', (date, hours) => {
    const { startsAt, endsAt } = ends(date);
    const anHourIn = new Date(Date.parse(startsAt) + 3_600_000).toISOString();
    expect(barsOf(ends(date), [stretch(startsAt, anHourIn)])[0]).toMatchObject({
      start: 0,
      length: expect.closeTo(1 / hours, 9),
    });
    expect(barsOf(ends(date), [stretch(startsAt, endsAt)])[0]).toMatchObject({ start: 0, length: 1 });
  });

  it('end with the day and leave out what lies outside of it', () => {
    const day = ends(usual);
    const [late, ...others] = barsOf(day, [
      stretch('2026-11-26T16:00:00Z', '2026-11-27T01:00:00Z'),
      stretch('2026-11-26T22:00:00Z', '2026-11-27T01:00:00Z'),
      stretch('2026-11-25T20:00:00Z', '2026-11-25T22:00:00Z'),
    ]);
    expect(late).toMatchObject({ start: 0.75, length: 0.25 });
    expect(others).toEqual([]);
  });

  it('keep what is known of them', () => {
    const estimated = { ...stretch('2026-11-26T08:00:00Z', '2026-11-26T09:00:00Z'), estimated: true };
    expect(barsOf(ends(usual), [estimated])[0]).toMatchObject({ estimated: true, corrected: false });
  });
});

describe('blocks', () => {
  it.each([
    [usual, 24],
    [spring, 23],
    [autumn, 25],
  ])('are 40 minutes of the %s', (date, hours) => {
    const day = ends(date);
    const [block] = blocksOf(day, [day.startsAt]);
    expect(block?.length).toBeCloseTo(40 / (hours * 60), 9);
  });

  it('that reach into the next day are cut off', () => {
    const [block] = blocksOf(ends(usual), ['2026-11-26T21:40:00Z']);
    expect((block?.start ?? 0) + (block?.length ?? 0)).toBe(1);
  });
});

describe('hours of the wall clock', () => {
  const at = (date: string, hour: number) => hourMarks(date, riga, 6).find((mark) => mark.hour === hour)?.at;

  it('stand evenly on a usual day', () => {
    expect(hourMarks(usual, riga, 6).map((mark) => mark.at)).toEqual([0, 0.25, 0.5, 0.75]);
  });

  it('stand an hour earlier behind the change in spring and an hour later behind that in autumn', () => {
    expect(at(spring, 12)).toBeCloseTo(11 / 23, 9);
    expect(at(autumn, 12)).toBeCloseTo(13 / 25, 9);
  });

  it('begin with the day where summer time skips midnight', () => {
    expect(hourMarks('2026-04-24', 'Africa/Cairo', 12).map((mark) => mark.at)).toEqual([
      0,
      expect.closeTo(11 / 23, 9),
    ]);
  });
});
