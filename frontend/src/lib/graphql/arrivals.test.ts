import { expect, test } from 'vitest';
import { withArrivals } from './arrivals';

const entry = (seq: number, minute: number) => ({
  id: `e${seq}`,
  seq: String(seq),
  occurredAt: `2026-11-26T10:${String(minute).padStart(2, '0')}:00.000000Z`,
});

const shown = (rows: ReturnType<typeof withArrivals>) =>
  rows.map(({ entry: { seq }, fresh }) => (fresh ? `+${seq}` : seq));

test('what happens now comes on top', () => {
  expect(shown(withArrivals([entry(9, 20), entry(8, 10)], [entry(10, 30)], true))).toEqual(['+10', '9', '8']);
});

test('what comes late stands where it belongs, and equal times go by their place in the record', () => {
  const loaded = [entry(9, 20), entry(7, 10)];
  expect(shown(withArrivals(loaded, [entry(10, 15), entry(11, 20)], true))).toEqual(['+11', '9', '+10', '7']);
});

test('what belongs behind the last loaded page is left to its own page', () => {
  expect(shown(withArrivals([entry(9, 20)], [entry(10, 5)], true))).toEqual(['9']);
  expect(shown(withArrivals([entry(9, 20)], [entry(10, 5)], false))).toEqual(['9', '+10']);
});

test('nothing is shown twice, and a list without anything takes what arrives', () => {
  expect(shown(withArrivals([entry(9, 20)], [entry(9, 20)], false))).toEqual(['9']);
  expect(shown(withArrivals([], [entry(9, 20)], false))).toEqual(['+9']);
});
