import { expect, it } from 'vitest';
import { minutesOverdue, staleAfter, staleSeconds, turnOf } from './age';

it('what is shown is old after thirty seconds without a word', () => {
  expect(staleSeconds(0, staleAfter)).toBeNull();
  expect(staleSeconds(0, staleAfter + 1)).toBe(30);
  expect(staleSeconds(1_000, 95_900)).toBe(94);
});

it('a key that is due now is not late yet', () => {
  const due = '2026-11-22T15:00:00Z';
  expect(minutesOverdue(due, Date.parse(due))).toBe(0);
  expect(minutesOverdue(due, Date.parse(due) - 1)).toBe(0);
  expect(minutesOverdue(due, Date.parse(due) + 61_000)).toBe(1);
});

it('every part of a long list has its turn', () => {
  const list = Array.from({ length: 25 }, (_, n) => n);
  expect(turnOf(list, 10, 0)).toEqual(list.slice(0, 10));
  expect(turnOf(list, 10, 10_000)).toEqual(list.slice(10, 20));
  expect(turnOf(list, 10, 20_000)).toEqual(list.slice(20));
  expect(turnOf(list, 10, 30_000)).toEqual(list.slice(0, 10));
  expect(turnOf([], 10, 10_000)).toEqual([]);
  expect(turnOf(list, 100, 10_000)).toEqual(list);
});
