import { describe, expect, it } from 'vitest';
import { columnsOf, periodOf, shifted } from './period';

describe('periods', () => {
  it('are the day, the week from Monday and the whole month', () => {
    expect(periodOf('day', '2026-11-26')).toEqual({ from: '2026-11-26', to: '2026-11-26' });
    expect(periodOf('week', '2026-11-26')).toEqual({ from: '2026-11-23', to: '2026-11-29' });
    expect(periodOf('year', '2028-02-29')).toEqual({ from: '2028-01-01', to: '2028-12-31' });
    expect(periodOf('month', '2028-02-29')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
  });

  it('follow each other without a gap', () => {
    expect(shifted('day', '2026-03-01', -1)).toBe('2026-02-28');
    expect(shifted('week', '2026-12-30', 1)).toBe('2027-01-06');
    expect(shifted('year', '2028-02-29', -1)).toBe('2027-02-28');
    expect(shifted('month', '2026-01-31', 1)).toBe('2026-02-28');
  });
});

describe('columns', () => {
  it('are the seven days of a week', () => {
    const days = columnsOf('week', periodOf('week', '2026-11-26'));
    expect(days).toHaveLength(7);
    expect(days.every(({ from, to }) => from === to)).toBe(true);
  });

  it('are the whole weeks that a month touches', () => {
    const weeks = columnsOf('month', periodOf('month', '2026-11-26'));
    expect(weeks[0]).toEqual({ from: '2026-10-26', to: '2026-11-01' });
    expect(weeks.at(-1)).toEqual({ from: '2026-11-30', to: '2026-12-06' });
    expect(weeks).toHaveLength(6);
    expect(columnsOf('month', periodOf('month', '2027-02-10'))).toHaveLength(4);
  });
});
