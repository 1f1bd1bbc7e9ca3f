import { expect, it } from 'vitest';
import { sinkWord, toneOfWord, verificationWord } from './freshness';

const now = Date.parse('2026-11-22T10:31:00Z');
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
const hours = 60;

it.each([
  [true, 47 * hours, 'passed', 'good'],
  [true, 49 * hours, 'stale', 'open'],
  [true, -2, 'passed', 'good'],
  [true, -1 * hours, 'future', 'open'],
  [false, 1, 'failed', 'bad'],
  [false, 90 * 24 * hours, 'failed', 'bad'],
] as const)('a verification (ok: %s) of %s minutes ago is %s', (ok, age, word, tone) => {
  expect(verificationWord({ ok, finishedAt: ago(age) }, now)).toBe(word);
  expect(toneOfWord[word]).toBe(tone);
});

it.each([
  ['90', 9, 'kept', 'good'],
  ['90', 11, 'late', 'open'],
  ['100', 11, 'kept', 'good'],
  ['100', -1 * hours, 'future', 'open'],
] as const)('a place that was given %s of 100 entries %s minutes ago is %s', (size, age, word, tone) => {
  expect(sinkWord({ failing: false, deliveredAt: ago(age), size }, '100', now)).toBe(word);
  expect(sinkWord({ failing: true, deliveredAt: ago(age), size }, '100', now)).toBe('failing');
  expect(toneOfWord[word]).toBe(tone);
});

it('a place that was given nothing is empty', () => {
  expect(sinkWord({ failing: false, deliveredAt: null, size: null }, '100', now)).toBe('empty');
});
