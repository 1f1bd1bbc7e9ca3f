import { describe, expect, it } from 'vitest';
import { rowsOf, sumOf } from './grid';

const anna = { id: 'a', name: 'Anna' };
const juris = { id: 'j', name: 'Juris' };
const columns = [
  { from: '2026-11-23', to: '2026-11-23' },
  { from: '2026-11-24', to: '2026-11-24' },
];
const hours = (person: typeof anna, from: string, workingMinutes: number, unverified = false) => ({
  person,
  from,
  workingMinutes,
  realHours: Math.floor(workingMinutes / 40),
  estimatedMinutes: 0,
  unverified,
});

describe('the grid', () => {
  const rows = rowsOf(
    columns,
    [hours(juris, '2026-11-23', 90), hours(anna, '2026-11-23', 40)],
    [hours(juris, '2026-11-24', 90), hours(anna, '2026-11-23', 40), hours(anna, '2026-12-01', 5)],
  );

  it('has a row a person by name, and each time of work in its column', () => {
    expect(rows.map(({ person }) => person.name)).toEqual(['Anna', 'Juris']);
    expect(rows.map(({ cells }) => cells.map((cell) => cell?.workingMinutes ?? null))).toEqual([
      [40, null],
      [null, 90],
    ]);
  });

  it('adds up what is there, and is unverified where a part is', () => {
    expect(sumOf(rows.map(({ total }) => total))).toMatchObject({ workingMinutes: 130, realHours: 3 });
    expect(sumOf([null])).toMatchObject({ workingMinutes: 0, unverified: false });
    expect(sumOf([hours(anna, '2026-11-23', 1), hours(juris, '2026-11-23', 1, true)]).unverified).toBe(true);
  });
});
