import { expect, it } from 'vitest';
import { chosen, type DeskKey, type DeskPerson, isReason, type Meaning, nextStep, nothing } from './step';

const key = (number: string, state: DeskKey['state'] = 'AVAILABLE'): DeskKey => ({
  id: `k${number}`,
  number,
  label: 'Meeting room',
  state,
  loan: null,
});
const anna: DeskPerson = { id: 'p1', name: 'Anna', badge: '4711', department: null };
const janis: DeskPerson = { ...anna, id: 'p2', name: 'Jānis', badge: '4712' };
const means = (meaning: Partial<Meaning>): Meaning => ({ key: null, badges: [], named: [], ...meaning });

it('a key that is in waits for a badge, and goes to whom it belongs', () => {
  const waiting = nextStep(nothing, means({ key: key('101') }));
  expect(waiting).toEqual({ do: 'wait', pending: { keys: [key('101')], holder: null } });
  if (waiting.do !== 'wait') return;
  expect(nextStep(waiting.pending, means({ badges: [anna] }))).toEqual({
    do: 'issue',
    keys: [key('101')],
    holder: anna,
  });
});

it.each(['ISSUED', 'OVERDUE'] as const)('a key that is %s comes back at once', (state) => {
  expect(nextStep(nothing, means({ key: key('101', state) })).do).toBe('return');
  expect(nextStep({ keys: [], holder: anna }, means({ key: key('101', state) })).do).toBe('return');
});

it('further keys join, each once and only while they are in', () => {
  const pending = { keys: [key('101')], holder: null };
  expect(nextStep(pending, means({ key: key('102') }))).toEqual({
    do: 'wait',
    pending: { keys: [key('101'), key('102')], holder: null },
  });
  expect(nextStep(pending, means({ key: key('101') }))).toEqual({ do: 'refuse', why: 'twice' });
  expect(nextStep(pending, means({ key: key('102', 'ISSUED') }))).toEqual({ do: 'refuse', why: 'out' });
  expect(nextStep(pending, means({ key: key('102', 'LOST') }))).toEqual({ do: 'refuse', why: 'lost' });
  const full = { keys: Array.from({ length: 100 }, (_, n) => key(String(n))), holder: null };
  expect(nextStep(full, means({ key: key('999') }))).toEqual({ do: 'refuse', why: 'tooMany' });
});

it('a badge that comes first takes keys until it is done', () => {
  const waiting = nextStep(nothing, means({ badges: [anna] }));
  expect(waiting).toEqual({ do: 'wait', pending: { keys: [], holder: anna } });
  if (waiting.do !== 'wait') return;
  expect(nextStep(waiting.pending, means({ key: key('101') }))).toEqual({
    do: 'issue',
    keys: [key('101')],
    holder: anna,
  });
  expect(nextStep(waiting.pending, means({ badges: [janis] }))).toEqual({
    do: 'wait',
    pending: { keys: [], holder: janis },
  });
});

it('a number that is both a key and a badge is what is waited for', () => {
  const both = means({ key: key('4711'), badges: [anna] });
  expect(nextStep(nothing, both).do).toBe('wait');
  expect(nextStep({ keys: [key('101')], holder: null }, both)).toMatchObject({ do: 'issue', holder: anna });
});

it('a name is never acted on before somebody chose', () => {
  const pending = { keys: [key('101')], holder: null };
  expect(nextStep(pending, means({ named: [anna] }))).toEqual({ do: 'choose', persons: [anna] });
  expect(nextStep(pending, means({ badges: [anna, janis], named: [janis] }))).toEqual({
    do: 'choose',
    persons: [anna, janis],
  });
  expect(chosen(pending, janis)).toMatchObject({ do: 'issue', holder: janis });
  expect(chosen(nothing, janis)).toEqual({ do: 'wait', pending: { keys: [], holder: janis } });
});

it('what is no key and nobody is refused', () => {
  expect(nextStep(nothing, means({}))).toEqual({ do: 'refuse', why: 'unknown' });
  expect(nextStep(nothing, means({ key: key('1', 'RETIRED') }))).toEqual({ do: 'refuse', why: 'retired' });
});

it.each([
  ['The plumber waits', true],
  ['brīvs', true],
  ['4711', false],
  ['B-7', false],
  ['KEY-101', false],
  ['Left on the 2nd floor', true],
  ['', false],
])('%j is a reason and no number that was scanned meanwhile: %s', (text, reason) => {
  expect(isReason(text)).toBe(reason);
});
