import { describe, expect, it } from 'vitest';
import { byKind, kinds, resolutionsOf } from '@/components/inventory/differences';
import { mostNumbers, noScan, scan, unscan } from '@/components/inventory/scanned';
import type { KeyState, Permission } from '@/gql/graphql';
import { files } from '@/lib/paths';
import { loanActions } from './loanActions';

const caller = (id: string, ...permissions: Permission[]) => ({
  person: { id },
  permissions: new Set<Permission>(permissions),
});
const held = (state: KeyState, dueAt: string | null = '2026-11-26T15:00:00Z') => ({
  state,
  loan: { id: 'l', issuedAt: '2026-11-25T08:00:00Z', dueAt, overdue: false, holder: { id: 'h', name: 'H' } },
});

describe('what can be done with a key', () => {
  const desk = caller('d', 'KEYS_VIEW', 'KEYS_ISSUE', 'PEOPLE_VIEW');
  it.each([
    ['the desk, of a key that is out', held('ISSUED'), desk, ['extend', 'handOver', 'lost']],
    ['the desk, of a key until further notice', held('ISSUED', null), desk, ['handOver', 'lost']],
    ['the desk, of a key in its place', { state: 'AVAILABLE' as const, loan: null }, desk, ['lost']],
    ['the desk, of a lost key', { state: 'LOST' as const, loan: null }, desk, ['found']],
    ['the desk, of a retired key', { state: 'RETIRED' as const, loan: null }, desk, []],
    ['its holder', held('OVERDUE'), caller('h', 'KEYS_VIEW', 'PEOPLE_VIEW'), ['handOver', 'lost']],
    ['its holder who sees nobody', held('OVERDUE'), caller('h', 'KEYS_VIEW'), ['lost']],
    ['somebody else', held('ISSUED'), caller('x', 'KEYS_VIEW', 'PEOPLE_VIEW'), []],
  ])('by %s', (_, key, who, expected) => {
    expect(loanActions(key, who)).toEqual(expected);
  });
});

describe('scanned numbers', () => {
  it('come newest first, each once however it is written', () => {
    const one = scan(noScan, ' B-7 ');
    expect(one).toEqual({ numbers: ['B-7'], said: 'added', number: 'B-7' });
    expect(scan(one, 'b-7')).toEqual({ numbers: ['B-7'], said: 'twice', number: 'B-7' });
    expect(scan(one, '  ').said).toBe('nothing');
    expect(scan(one, '101').numbers).toEqual(['101', 'B-7']);
    expect(unscan(scan(one, '101'), 'B-7').numbers).toEqual(['101']);
  });

  it('are bounded', () => {
    const numbers = Array.from({ length: mostNumbers }, (_, n) => `K${n}`);
    const full = { numbers, said: 'added', number: '' } as const;
    expect(scan(full, 'one more')).toEqual({ numbers, said: 'full', number: 'one more' });
    expect(scan(full, 'k5').said).toBe('twice');
  });
});

describe('differences', () => {
  it('can always be ignored', () => {
    for (const kind of kinds) expect(resolutionsOf(kind, true, true).at(-1)).toBe('IGNORED');
  });

  it('make only a cabinet a key’s own, by whoever may change keys', () => {
    expect(resolutionsOf('MISPLACED', true, true)).toContain('MOVED_HERE');
    expect(resolutionsOf('MISPLACED', false, true)).toEqual(['IGNORED']);
    expect(resolutionsOf('MISPLACED', true, false)).toEqual(['IGNORED']);
  });

  it('stand by kind, without empty kinds', () => {
    const some = [{ kind: 'UNKNOWN' as const }, { kind: 'MISSING' as const }];
    expect(byKind(some).map(([kind]) => kind)).toEqual(['MISSING', 'UNKNOWN']);
  });
});

describe('the addresses of files', () => {
  it('carry the filter that is shown', () => {
    expect(files.keys('csv', {})).toBe('/export/keys.csv');
    expect(files.keys('xlsx', { q: 'a&b', states: ['ISSUED', 'LOST'], building: 'Ēka 1' })).toBe(
      '/export/keys.xlsx?search=a%26b&states=ISSUED%2CLOST&building=%C4%92ka+1',
    );
    expect(files.receipt('7', 'lv')).toBe('/print/receipt/7.pdf?lang=lv');
    expect(files.labels(['1', '2'])).toBe('/print/labels.pdf?ids=1,2');
  });
});
