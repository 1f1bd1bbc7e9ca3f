import { expect, it } from 'vitest';
import { pieces, shareOut } from './custody';

const holding = (from: number, to: number | null, due: number | null = null) => ({
  id: `${from}`,
  holder: 'Anna',
  from,
  to,
  due,
});

it('the custody bar cuts off what lies outside and keeps open loans to the end', () => {
  const shown = pieces([holding(150, null), holding(20, 60), holding(-30, 10), holding(-50, -10)], 0, 200);
  expect(shown.map(({ left, width }) => [left, width])).toEqual([
    [0, 5],
    [10, 20],
    [75, 25],
  ]);
  expect(shareOut(shown)).toBeCloseTo(0.5);
});

it('time after the due time is marked as late', () => {
  const [late, punctual] = pieces([holding(0, 100, 75), holding(100, 200, 250)], 0, 200);
  expect(late?.late).toBe(25);
  expect(punctual?.late).toBe(0);
});
