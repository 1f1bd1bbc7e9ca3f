import { describe, expect, it } from 'vitest';
import { complaintOf, usualPeriod } from './reportPeriod';

describe('the usual periods of a report', () => {
  it.each([
    ['2026-11-26', '2026-11-01', '2026-10-01', '2026-10-31', '2026-07-01', '2026-09-30'],
    ['2026-01-01', '2026-01-01', '2025-12-01', '2025-12-31', '2025-10-01', '2025-12-31'],
    ['2028-03-31', '2028-03-01', '2028-02-01', '2028-02-29', '2027-10-01', '2027-12-31'],
    ['2026-04-15', '2026-04-01', '2026-03-01', '2026-03-31', '2026-01-01', '2026-03-31'],
  ])('on %s are whole months before today', (today, month, lastFrom, lastTo, quarterFrom, quarterTo) => {
    expect(usualPeriod('thisMonth', today)).toEqual({ from: month, to: today });
    expect(usualPeriod('lastMonth', today)).toEqual({ from: lastFrom, to: lastTo });
    expect(usualPeriod('lastQuarter', today)).toEqual({ from: quarterFrom, to: quarterTo });
  });
});

describe('chosen days', () => {
  const today = '2026-11-26';
  it.each([
    ['', '2026-11-01', 'from', 'noDate'],
    ['2026-11-01', '', 'to', 'noDate'],
    ['2026-11-02', '2026-11-01', 'to', 'backwards'],
    ['2026-11-01', '2026-11-27', 'to', 'future'],
    ['2025-11-01', '2026-11-02', 'to', 'tooLong'],
  ])('from %s to %s are wrong at %s: %s', (from, to, field, what) => {
    expect(complaintOf({ from, to }, today)).toEqual({ field, what });
  });

  it('may be one day, and 366', () => {
    expect(complaintOf({ from: today, to: today }, today)).toBeNull();
    expect(complaintOf({ from: '2025-11-01', to: '2026-11-01' }, today)).toBeNull();
  });
});
