import { describe, expect, it } from 'vitest';
import { isBound } from '@/lib/time/calendar';
import { filterOf, hasConditions, needsPurpose, reviewedAs, stepOf, windowOf } from './filter';

describe('the filter of an address', () => {
  it('takes in whole days of the display zone, also when clocks are moved', () => {
    expect(filterOf({ from: '2026-10-25', to: '2026-10-25' }, 'Europe/Riga')).toMatchObject({
      from: '2026-10-24T21:00:00Z',
      to: '2026-10-25T22:00:00Z',
    });
  });

  it('takes wall clock readings as they are', () => {
    expect(filterOf({ from: '2026-11-26T10:00', to: '2026-11-26T12:00' }, 'Europe/Riga')).toMatchObject({
      from: '2026-11-26T08:00:00Z',
      to: '2026-11-26T10:00:00Z',
    });
  });

  it('keeps every other condition, and a purpose only where one is stated', () => {
    expect(filterOf({ action: 'key.issued', streams: ['KEY'] }, 'UTC', '')).toEqual({
      action: 'key.issued',
      streams: ['KEY'],
      from: undefined,
      to: undefined,
      purpose: undefined,
    });
  });
});

describe('what else stands in an address', () => {
  it('is no condition', () => {
    const search = { action: 'key.issued', utm_source: 'mail' };
    expect(filterOf(search, 'UTC')).not.toHaveProperty('utm_source');
  });
});

describe('the window of the histogram', () => {
  it('is thirty days up to today unless the address says more', () => {
    expect(windowOf({}, '2026-11-26')).toEqual({ from: '2026-10-28', to: '2026-11-26' });
    expect(windowOf({ to: '2026-11-10' }, '2026-11-26')).toEqual({ from: '2026-10-12', to: '2026-11-10' });
  });

  it('is counted by hours for up to two days', () => {
    expect(stepOf({ from: '2026-11-25', to: '2026-11-26' })).toBe('HOUR');
    expect(stepOf({ from: '2026-11-24', to: '2026-11-26' })).toBe('DAY');
    expect(stepOf({ from: '2026-11-26T08:00', to: '2026-11-26T09:00' })).toBe('HOUR');
  });
});

it.each([
  ['2026-11-26', true],
  ['2026-11-26T08:00', true],
  ['2026-02-30', false],
  ['2026-02-30T08:00', false],
  ['yesterday', false],
  [7, false],
])('%s can stand as an end of the window: %s', (text, good) => {
  expect(isBound(text)).toBe(good);
});

it('asks for a purpose only where entries of work are wanted', () => {
  expect(needsPurpose({ streams: ['KEY', 'WORK'] })).toBe(true);
  expect(needsPurpose({ streams: ['KEY'] })).toBe(false);
  expect(needsPurpose({})).toBe(false);
});

describe('entries by their review', () => {
  it('are looked for within thirty days, unless the address has a beginning', () => {
    expect(reviewedAs('UNREVIEWED', {}, '2026-11-26')).toEqual({ review: 'UNREVIEWED', from: '2026-10-28' });
    expect(reviewedAs('REVIEWED', { to: '2026-11-10' }, '2026-11-26')).toEqual({
      review: 'REVIEWED',
      from: '2026-10-12',
    });
    expect(reviewedAs('UNREVIEWED', { from: '2026-11-01' }, '2026-11-26')).toEqual({ review: 'UNREVIEWED' });
  });

  it('need no window where they are flagged, since those have an index', () => {
    expect(reviewedAs('FLAGGED', {}, '2026-11-26')).toEqual({ review: 'FLAGGED' });
    expect(reviewedAs(undefined, {}, '2026-11-26')).toEqual({ review: undefined });
  });
});

it('time and review alone are no conditions that narrow a day', () => {
  expect(hasConditions({ from: '2026-11-01', to: '2026-11-02', review: 'FLAGGED' })).toBe(false);
  expect(hasConditions({ module: 'billing' })).toBe(true);
});
