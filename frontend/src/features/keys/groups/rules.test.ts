import { describe, expect, it } from 'vitest';
import type { Group } from './documents';
import { acceptable, draftOf, type GroupDraft, inputOf, problemsOf, workingHours } from './rules';

const empty: GroupDraft = { ...draftOf(null), name: 'Plant' };
const taker = { line: '1', kind: 'role' as const, value: 'custodian', hours: null };

describe('the rules of a group', () => {
  it('are sent as they were read', () => {
    const group: Group = {
      id: 'g1',
      name: 'Plant',
      keyCount: 3,
      version: 4,
      curfew: '22:00',
      defaultLoan: { minutes: null, until: '17:00' },
      takers: [
        {
          role: null,
          person: null,
          department: { id: 'd1', name: 'Maintenance' },
          window: { days: ['MONDAY'], from: '22:00', to: '06:00' },
        },
      ],
    };
    expect(inputOf(draftOf(group))).toEqual({
      name: 'Plant',
      takers: [{ department: 'd1', window: { days: ['MONDAY'], from: '22:00', to: '06:00' } }],
      defaultLoan: { until: '17:00' },
      curfew: '22:00',
    });
  });

  it('say null for what there is not, so that it goes', () => {
    expect(inputOf(empty)).toEqual({ name: 'Plant', takers: [], defaultLoan: null, curfew: null });
  });

  it('send the days in the order of the week', () => {
    const draft: GroupDraft = {
      ...empty,
      takers: [{ ...taker, hours: { days: ['SUNDAY', 'MONDAY'], from: '07:00', to: '18:00' } }],
    };
    expect(inputOf(draft).takers?.[0]?.window?.days).toEqual(['MONDAY', 'SUNDAY']);
  });

  it.each<[string, Partial<GroupDraft>, boolean]>([
    ['a name is enough', {}, true],
    ['a name of spaces is none', { name: '  ' }, false],
    ['a year is the longest loan', { loan: 'minutes', minutes: '525600' }, true],
    ['more than a year is too long', { loan: 'minutes', minutes: '525601' }, false],
    ['minutes are whole', { loan: 'minutes', minutes: '1.5' }, false],
    ['no minutes are none', { loan: 'minutes', minutes: '' }, false],
    ['minutes that are not asked for do not matter', { minutes: 'many' }, true],
    ['until needs a time', { loan: 'until', until: '' }, false],
    ['whoever takes must be chosen', { takers: [{ ...taker, value: '' }] }, false],
    ['hours need a day', { takers: [{ ...taker, hours: { days: [], from: '07:00', to: '18:00' } }] }, false],
    ['hours need an end', { takers: [{ ...taker, hours: { ...workingHours, to: '' } }] }, false],
    ['hours may end the next day', { takers: [{ ...taker, hours: { ...workingHours, to: '06:00' } }] }, true],
  ])('%s', (_, change, good) => {
    expect(acceptable(problemsOf({ ...empty, ...change }))).toBe(good);
  });
});
