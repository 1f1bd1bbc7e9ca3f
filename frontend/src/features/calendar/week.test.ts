import { expect, it } from 'vitest';
import { byDay, type DatedRow, placeAfter } from './week';

const row = (id: string, day: string): DatedRow => ({
  id,
  day,
  at: `${day}T08:00:00Z`,
  number: id,
  who: '',
  what: { kind: 'due', key: id },
});

it('puts each row below its day, in the order given, and none of another week', () => {
  const columns = byDay(
    ['2026-11-23', '2026-11-24'],
    [row('b', '2026-11-24'), row('a', '2026-11-24'), row('c', '2026-11-30')],
  );
  expect([...columns].map(([day, rows]) => [day, rows.map(({ id }) => id)])).toEqual([
    ['2026-11-23', []],
    ['2026-11-24', ['b', 'a']],
  ]);
});

it.each([
  ['ArrowRight', { column: 0, line: 3 }, { column: 1, line: 1 }],
  ['ArrowRight', { column: 2, line: 0 }, null],
  ['ArrowLeft', { column: 0, line: 0 }, null],
  ['ArrowDown', { column: 0, line: 3 }, { column: 0, line: 3 }],
  ['ArrowDown', { column: 1, line: 0 }, { column: 1, line: 1 }],
  ['ArrowUp', { column: 0, line: 0 }, { column: 0, line: 0 }],
  ['Home', { column: 2, line: 0 }, { column: 0, line: 0 }],
  ['End', { column: 0, line: 2 }, { column: 2, line: 0 }],
  ['x', { column: 0, line: 2 }, null],
] as const)('%s leads from %o to %o', (key, from, to) => {
  expect(placeAfter(key, from, [3, 1, 0])).toEqual(to);
});
