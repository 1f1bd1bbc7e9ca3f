import { describe, expect, it } from 'vitest';
import { formatsFor } from './format';

describe('formats', () => {
  const en = formatsFor('en', 'Europe/Riga');
  const lv = formatsFor('lv', 'Europe/Riga');

  it('show the zone’s hour, and UTC in full', () => {
    expect(en.time('2026-11-22T08:31:00.000000Z')).toBe('10:31');
    expect(en.utc('2026-11-22T08:31:00.123000Z')).toBe('2026-11-22 08:31:00.123 UTC');
  });

  it('show as little as is clear today', () => {
    expect(en.compact('2026-11-22T08:31:00Z', '2026-11-22')).toBe('10:31');
    expect(en.compact('2026-11-21T23:31:00Z', '2026-11-22')).toBe('01:31');
    expect(en.compact('2026-11-20T08:31:00Z', '2026-11-22')).toMatch(/20 Nov.*10:31/);
    expect(en.compact('2025-11-20T08:31:00Z', '2026-11-22')).toMatch(/20 Nov 2025/);
  });

  it('give a length in its two largest units', () => {
    expect([0, 45, 60, 1335, 1440, 4620, 44_641].map(en.length)).toEqual([
      '0m',
      '45m',
      '1h',
      '22h 15m',
      '1d',
      '3d 5h',
      '31d',
    ]);
    expect(lv.length(1335)).toBe('22 h 15 min');
  });

  it('speak both languages', () => {
    expect(en.month('2026-11-22')).toBe('November');
    expect(lv.month('2026-11-22')).toBe('Novembris');
    expect(en.ago(0, 5_000)).toBe('5 seconds ago');
    expect(lv.ago(0, 120_000)).toMatch(/pirms 2 minūtēm/);
  });
});
