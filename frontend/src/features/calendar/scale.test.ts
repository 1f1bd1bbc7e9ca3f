import { expect, it } from 'vitest';
import { highest, monthSpans, shownCounts } from './scale';

const day = (date: string, issued: number, returned: number, due: number, reserved = 0) => ({
  date,
  issued,
  returned,
  reserved,
  due,
});

it('movements are shown up to today, reservations and due loans from today on', () => {
  const today = '2026-11-22';
  const shown = (date: string) => shownCounts(day(date, 3, 2, 1, 4), today);
  expect(shown('2026-11-21')).toEqual({ issued: 3, returned: 2, reserved: 0, due: 0 });
  expect(shown('2026-11-22')).toEqual({ issued: 3, returned: 2, reserved: 4, due: 1 });
  expect(shown('2026-11-23')).toEqual({ issued: 0, returned: 0, reserved: 4, due: 1 });
});

it('one scale holds for the strip, set by what is shown and never by what is not', () => {
  const counts = new Map(
    [day('2026-11-21', 9, 2, 50), day('2026-11-23', 70, 0, 12)].map((each) => [each.date, each]),
  );
  expect(highest([...counts.keys()], counts, '2026-11-22')).toBe(12);
  expect(highest(['2026-11-22'], new Map(), '2026-11-22')).toBe(4);
});

it('months span their days', () => {
  expect(monthSpans(['2026-11-29', '2026-11-30', '2026-12-01'])).toEqual([
    { first: '2026-11-29', length: 2 },
    { first: '2026-12-01', length: 1 },
  ]);
});
