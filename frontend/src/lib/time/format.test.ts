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

  it('speak both languages', () => {
    expect(en.month('2026-11-22')).toBe('November');
    expect(lv.month('2026-11-22')).toBe('Novembris');
    expect(en.ago(0, 5_000)).toBe('5 seconds ago');
    expect(lv.ago(0, 120_000)).toMatch(/pirms 2 minūtēm/);
  });
});
