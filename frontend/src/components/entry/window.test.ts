import { expect, it } from 'vitest';
import { microsecondLater } from './window';

it('the window after an instant is one microsecond wide', () => {
  expect(microsecondLater('2026-11-22T10:31:00.000000Z')).toBe('2026-11-22T10:31:00.000001Z');
  expect(microsecondLater('2026-11-22T10:31:00Z')).toBe('2026-11-22T10:31:00.000001Z');
  expect(microsecondLater('2026-11-22T10:31:00.12Z')).toBe('2026-11-22T10:31:00.120001Z');
  expect(microsecondLater('2026-12-31T23:59:59.999999Z')).toBe('2027-01-01T00:00:00.000000Z');
});
