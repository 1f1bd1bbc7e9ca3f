import { describe, expect, it } from 'vitest';
import { changeOf, correctableIn, type Truth } from './correction';

const before: Truth = {
  wallClock: '2026-11-25T10:00',
  holder: { id: 'a', name: 'A' },
  comment: 'spare',
  void: false,
};

describe('a correction', () => {
  it.each([
    ['nothing', {}, null],
    ['spaces only', { comment: ' spare ' }, null],
    ['the time', { wallClock: '2026-11-25T09:00' }, { occurredAt: 'then' }],
    ['the holder', { holder: { id: 'b', name: 'B' } }, { holder: 'b' }],
    ['a holder who was not chosen', { holder: null }, null],
    ['the comment', { comment: '' }, { comment: '' }],
    ['that it did not happen, whatever else', { void: true, comment: 'x' }, { void: true }],
  ])('says what differs: %s', (_, after, expected) => {
    expect(changeOf(before, { ...before, ...after }, 'then')).toEqual(expected);
  });

  it('is of a movement only', () => {
    expect(correctableIn('key.issued')).toEqual({ holder: true, void: true });
    expect(correctableIn('key.returned')?.holder).toBe(false);
    expect(correctableIn('key.corrected')).toBeUndefined();
    expect(correctableIn('toString')).toBeUndefined();
  });
});
