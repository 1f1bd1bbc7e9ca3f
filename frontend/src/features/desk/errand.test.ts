import { expect, it } from 'vitest';
import type { MovementFragment } from '@/components/movement/movement';
import type { FragmentType } from '@/gql';
import { moved, numbersOf } from './errand';

const key = (number: string) => ({
  id: `k${number}`,
  number,
  label: '',
  state: 'AVAILABLE' as const,
  loan: null,
});
const entry = (number: string) =>
  ({ key: { id: `k${number}`, number, label: '' } }) as unknown as FragmentType<typeof MovementFragment>;

it('names what came along on a ring behind the keys that were asked for, each once', () => {
  const entries = [entry('102'), entry('101'), entry('103'), entry('102')];
  expect(numbersOf(moved([key('102')], entries))).toBe('102, 101, 103');
  expect(numbersOf(moved([key('102')], []))).toBe('102');
});
