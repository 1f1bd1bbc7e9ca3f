import { describe, expect, test } from 'vitest';
import { complete, isUnfinished, namesFor, rewritten, typingAt, valuesFor } from './completion';
import { conditions, type Vocabulary } from './grammar';

const vocabulary: Vocabulary = {
  names: Object.fromEntries(conditions.map((each) => [each, each.toLowerCase()])) as Vocabulary['names'],
  values: {},
  actions: {},
  days: {},
  today: '2026-03-29',
  zone: 'Europe/Riga',
};

/** The text with its caret at the bar, and what is completed there by the first offer. */
function completed(marked: string, offered: { value: string; label: string }[] = []): string {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const typing = typingAt(text, caret, vocabulary);
  const [first] = typing.condition
    ? valuesFor(typing.typed, offered)
    : namesFor(typing.typed, [], vocabulary);
  if (!first) return 'nothing';
  const next = complete(text, typing, first);
  return `${next.text.slice(0, next.caret)}|${next.text.slice(next.caret)}`;
}

describe('completion', () => {
  const people = [
    { value: 'Zane Ābele', label: 'Zane Ābele' },
    { value: 'Ābele', label: 'Ābele' },
  ];
  test.each([
    ['|', 'person:|'],
    ['ac|', 'actor:|'],
    ['acti| rest', 'action:| rest'],
    ['word ou|', 'word outcome:|'],
    ['person:|', 'person:"Zane Ābele" |'],
    ['person:abe|', 'person:Ābele |'],
    ['a person:"za|" b', 'a person:"Zane Ābele"| b'],
    ['person:nobody|', 'nothing'],
  ])('of %s', (text, want) => expect(completed(text, people)).toBe(want));

  test('offers no condition twice', () => {
    expect(namesFor('per', ['person'], vocabulary)).toEqual([]);
  });
});

describe('a filter that is changed while another is typed', () => {
  test.each([
    ['', '', 'daļa:Atslēgas', 'daļa:Atslēgas'],
    ['persona:"Anna B." loga', '', 'daļa:Atslēgas', 'daļa:Atslēgas persona:"Anna B." loga'],
    ['daļa:Atslēgas loga', 'daļa:Atslēgas', '', 'loga'],
    ['daļa:Atslēgas', 'daļa:Atslēgas', 'daļa:Darbs', 'daļa:Darbs'],
    ['iznākums:', 'daļa:Atslēgas', 'daļa:Darbs', 'iznākums:'],
  ])('%j in front of which %j becomes %j is %j', (draft, before, after, want) =>
    expect(rewritten(draft, before, after)).toBe(want),
  );
});

describe('Enter behind a value', () => {
  const issued = { value: 'key.issued', label: 'Issued' };
  const known: Vocabulary = {
    ...vocabulary,
    actions: { 'key.issued': 'Issued', 'key.lost': 'Lost' },
    days: { 1: 'Yesterday' },
  };
  const anna = { value: 'Anna Kalniņa', label: 'Anna Kalniņa', id: 'p1' };
  const another = { value: 'Anna Liepa', label: 'Anna Liepa', id: 'p2' };
  test.each([
    ['action:key.is', [issued], true],
    ['action:issu', [issued], true],
    ['action:Issued', [issued], false],
    ['action:key.issued', [issued], false],
    ['action:key.lost', [{ value: 'key.lost_again', label: 'Lost again' }], false],
    ['action:key.is', [], false],
    ['action:', [issued], false],
    ['module:bil', [{ value: 'billing', label: 'billing' }], true],
    ['outcome:fai', [{ value: 'FAILURE', label: 'Failure' }], true],
    ['outcome:success', [{ value: 'SUCCESS', label: 'Success' }], false],
    ['from:yesterday', [{ value: '2026-03-28', label: '2026-03-28 · Yesterday' }], false],
    ['from:2026-03-2', [{ value: '2026-03-28', label: '2026-03-28 · Yesterday' }], true],
    ['person:ann', [anna], true],
    ['person:ann', [anna, another], false],
    ['word', [], false],
  ])('of %s takes what completes it: %#', (text, offered, taken) => {
    const typing = typingAt(text, text.length, known);
    const completions = typing.condition ? valuesFor(typing.typed, offered) : [];
    expect(isUnfinished(typing, completions, offered, known)).toBe(taken);
  });
});
