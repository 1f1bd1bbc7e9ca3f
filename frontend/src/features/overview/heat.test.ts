import { describe, expect, it } from 'vitest';
import { dayWithin, hasHours, heatOf, hourWithin, lastDays, warmth } from './heat';

describe('hours of days', () => {
  it('stand under their day, and an hour that a day has twice is one', () => {
    const [first, second] = heatOf([
      { reading: '2026-10-25T03:00', total: 2 },
      { reading: '2026-10-25T03:00', total: 5 },
      { reading: '2026-10-26T23:00', total: 1 },
    ]);
    expect(first?.day).toBe('2026-10-25');
    expect(first?.hours[3]).toBe(7);
    expect(second?.hours).toHaveLength(24);
    expect(second?.hours[23]).toBe(1);
  });

  it('are counted for windows of up to thirty days', () => {
    expect(hasHours({ from: '2026-10-28', to: '2026-11-26' })).toBe(true);
    expect(hasHours({ from: '2026-10-27', to: '2026-11-26' })).toBe(false);
    expect(lastDays({ from: '2026-01-01', to: '2026-11-26' })).toEqual({
      from: '2026-10-28',
      to: '2026-11-26',
    });
  });
});

describe('where a figure leads', () => {
  it('reaches no further than the window that was counted', () => {
    const window = { from: '2026-11-25T10:30', to: '2026-11-26T12:15' };
    expect(dayWithin('2026-11-25', window)).toEqual({ from: '2026-11-25T10:30', to: '2026-11-25' });
    expect(dayWithin('2026-11-26', window)).toEqual({ from: '2026-11-26', to: '2026-11-26T12:15' });
    expect(hourWithin('2026-11-25', 10, window)).toEqual({
      from: '2026-11-25T10:30',
      to: '2026-11-25T11:00',
    });
    expect(hourWithin('2026-11-26', 12, window)).toEqual({
      from: '2026-11-26T12:00',
      to: '2026-11-26T12:15',
    });
  });

  it('is a whole hour of whole days, the last of a day, too', () => {
    expect(hourWithin('2026-11-25', 23, { from: '2026-11-25', to: '2026-11-25' })).toEqual({
      from: '2026-11-25T23:00',
      to: '2026-11-26T00:00',
    });
  });
});

it.each([
  [0, 10, 0],
  [1, 10_000, 1],
  [10_000, 10_000, 4],
  [0, 0, 0],
])('%i of at most %i is as warm as %i', (total, most, level) => {
  expect(warmth(total, most)).toBe(level);
});
