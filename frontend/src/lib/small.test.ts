import { expect, it } from 'vitest';
import { parseSearch, textIn, wordIn, wordsIn, writeSearch } from './search';
import { newId } from './uuid';

it('search parameters that make no sense are left out', () => {
  expect(textIn({ q: '' }, 'q')).toBeUndefined();
  expect(wordIn({ outcome: 'MAYBE' }, 'outcome', ['SUCCESS'])).toBeUndefined();
  expect(wordsIn({ states: ['ISSUED', 'GONE'] }, 'states', ['ISSUED', 'LOST'])).toEqual(['ISSUED']);
  expect(wordsIn({}, 'states', ['ISSUED'])).toBeUndefined();
});

it('ids are version 4 UUIDs also where randomUUID is missing', () => {
  const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const { randomUUID } = crypto;
  expect(newId()).toMatch(pattern);
  Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
  expect(newId()).toMatch(pattern);
  Object.defineProperty(crypto, 'randomUUID', { value: randomUUID, configurable: true });
});

it('a search is written in plain words and read back', () => {
  const search = { q: '007', states: ['ISSUED', 'OVERDUE'], group: undefined };
  expect(writeSearch(search)).toBe('?q=007&states=ISSUED&states=OVERDUE');
  expect(parseSearch('?q=007&states=ISSUED&states=OVERDUE')).toEqual({
    q: '007',
    states: ['ISSUED', 'OVERDUE'],
  });
  expect(writeSearch({})).toBe('');
});
