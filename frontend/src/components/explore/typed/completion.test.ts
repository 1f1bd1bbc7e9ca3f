import { describe, expect, test } from 'vitest';
import { complete, namesFor, rewritten, typingAt, valuesFor } from './completion';
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
