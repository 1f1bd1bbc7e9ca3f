import { describe, expect, it } from 'vitest';
import { mergedFields, mergedNames } from './merge';
import type { PersonDetails } from './personQuery';

const person = (details: Partial<PersonDetails>): PersonDetails => ({
  id: 'p',
  name: 'Anna Kalniņa',
  employeeNumber: null,
  badge: null,
  company: null,
  email: null,
  phone: null,
  validUntil: null,
  language: 'lv',
  version: 1,
  department: null,
  externalNames: [],
  openLoans: [],
  ...details,
});

describe('what a merge will do', () => {
  it('takes over what the one who stays lacks, and drops what both have differently', () => {
    const from = person({
      badge: 'B-2',
      email: 'a@example.org',
      phone: '112',
      department: { id: 'd', name: 'Office' },
    });
    const into = person({ badge: 'B-1', phone: '112' });
    expect(mergedFields(from, into)).toEqual([
      { field: 'department', value: 'Office', takenOver: true, dropped: '' },
      { field: 'badge', value: 'B-1', takenOver: false, dropped: 'B-2' },
      { field: 'email', value: 'a@example.org', takenOver: true, dropped: '' },
      { field: 'phone', value: '112', takenOver: false, dropped: '' },
    ]);
  });

  it('keeps the external names of both', () => {
    const from = person({ externalNames: [{ source: 'erp', name: 'ak' }] });
    const into = person({ externalNames: [{ source: 'windows', name: 'F\\anna' }] });
    expect(mergedNames(from, into).map(({ source }) => source)).toEqual(['windows', 'erp']);
  });
});
