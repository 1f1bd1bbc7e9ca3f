import { expect, it } from 'vitest';
import { monthsOf } from './heat';

const day = (from: string, realHours: number, workingMinutes = realHours * 40) => ({
  from,
  realHours,
  workingMinutes,
  estimatedMinutes: 0,
  unverified: false,
});

it('a year has every one of its days once, in its month', () => {
  for (const [year, days] of [
    ['2026', 365],
    ['2028', 366],
  ] as const) {
    const months = monthsOf(year, []);
    const all = months.flatMap((month) => month.days.map((one) => one.day));
    expect([months.length, all.length, new Set(all).size]).toEqual([12, days, days]);
    expect([all[0], all.at(-1)]).toEqual([`${year}-01-01`, `${year}-12-31`]);
  }
});

it('a month begins on its weekday and adds up what was worked in it', () => {
  const months = monthsOf('2026', [day('2026-02-27', 2), day('2026-02-28', 12), day('2026-03-01', 1)]);
  expect(months[1]).toMatchObject({ first: '2026-02-01', weekday: 7, worked: 2, sum: { realHours: 14 } });
  expect(months[2]).toMatchObject({ worked: 1, sum: { realHours: 1 } });
});

it.each([
  [null, 0],
  [day('2026-01-01', 0, 0), 0],
  [day('2026-01-01', 0, 20), 1],
  [day('2026-01-01', 1, 0), 1],
  [day('2026-01-01', 3), 1],
  [day('2026-01-01', 4), 2],
  [day('2026-01-01', 9), 3],
  [day('2026-01-01', 10), 4],
])('a day with %j has level %i', (hours, level) => {
  expect(monthsOf('2026', hours ? [hours] : [])[0]?.days[0]?.level).toBe(level);
});
