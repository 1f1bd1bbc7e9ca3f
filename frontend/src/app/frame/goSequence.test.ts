import { expect, test } from 'vitest';
import { goSequence } from './goSequence';

test('a letter leads to a page only soon after g, and not because the page was loaded just now', () => {
  const press = goSequence();
  expect(press('r', 300)).toBeUndefined();
  expect(press('g', 400)).toBeUndefined();
  expect(press('r', 1_600)).toBe('r');
  expect(press('r', 1_601)).toBeUndefined();
  expect(press('g', 2_000)).toBeUndefined();
  expect(press('r', 3_201)).toBeUndefined();
  expect(press('g', 4_000)).toBeUndefined();
  expect(press('g', 5_000)).toBeUndefined();
  expect(press('k', 6_000)).toBe('k');
});
