import { expect, it } from 'vitest';
import { parseSearch, textIn, wordIn, wordsIn, writeSearch } from './search';
import { programOf } from './userAgent';
import { newId } from './uuid';

it('search parameters that make no sense are left out', () => {
  expect(textIn({ q: '' }, 'q')).toBeUndefined();
  expect(wordIn({ outcome: 'MAYBE' }, 'outcome', ['SUCCESS'])).toBeUndefined();
  expect(wordsIn({ states: ['ISSUED', 'GONE'] }, 'states', ['ISSUED', 'LOST'])).toEqual(['ISSUED']);
  expect(wordsIn({}, 'states', ['ISSUED'])).toBeUndefined();
});

it('programs are called by browser and system', () => {
  const chrome =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36';
  expect(programOf(chrome)).toBe('Chrome · Windows');
  expect(programOf(`${chrome} Edg/142.0`)).toBe('Edge · Windows');
  expect(programOf('curl/8.5.0')).toBe('curl/8.5.0');
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
