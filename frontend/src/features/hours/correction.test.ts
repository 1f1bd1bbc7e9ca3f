import { expect, it } from 'vitest';
import { type Correction, problemOf, usualTimes } from './correction';

const now = Date.parse('2026-11-26T12:00:00Z');
const right: Correction = {
  person: 'p',
  from: '2026-11-26T08:00:00Z',
  to: '2026-11-26T12:00:00Z',
  reason: 'was at a customer',
};

it.each([
  [{}, null],
  [{ person: null }, 'person'],
  [{ from: null }, 'from'],
  [{ to: null }, 'order'],
  [{ to: right.from }, 'order'],
  [{ from: '2026-11-19T12:00:00Z' }, null],
  [{ from: '2026-11-19T11:59:59Z' }, 'long'],
  [{ to: '2026-11-26T12:00:01Z' }, 'future'],
  [{ reason: '  ' }, 'reason'],
] as const)('a correction with %j has the problem %j', (change, problem) => {
  expect(problemOf({ ...right, ...change }, now)).toBe(problem);
});

it.each([
  ['2026-11-25', '2026-11-26T08:00', '2026-11-25T09:00', '2026-11-25T17:00'],
  ['2026-11-26', '2026-11-26T18:00', '2026-11-26T09:00', '2026-11-26T17:00'],
  ['2026-11-26', '2026-11-26T12:30', '2026-11-26T09:00', '2026-11-26T12:30'],
  ['2026-11-26', '2026-11-26T08:00', '2026-11-26T00:00', '2026-11-26T08:00'],
])('a correction of %s at %s begins with what lies behind', (day, now, from, to) => {
  expect(usualTimes(day, '2026-11-26', now)).toEqual({ from, to });
});
