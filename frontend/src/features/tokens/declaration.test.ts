import { expect, test } from 'vitest';
import { readFields, readWords, UnreadableLine, writeFields, writeWords } from './declaration';

test('fields are read, one a line, with or without the type of things', () => {
  const fields = readFields('/status\n\n  purchase order   /total/currency \n');
  expect(fields).toEqual([
    { entityType: '', path: '/status' },
    { entityType: 'purchase order', path: '/total/currency' },
  ]);
  expect(readFields(writeFields(fields))).toEqual(fields);
});

test('words are read, one action a line, in both languages', () => {
  const words = readWords('order.paid: paid an order | apmaksāja pasūtījumu');
  expect(words).toEqual([
    { action: 'order.paid', english: 'paid an order', latvian: 'apmaksāja pasūtījumu' },
  ]);
  expect(readWords(writeWords(words))).toEqual(words);
});

test.each([
  ['a field without a slash', () => readFields('/a\nstatus'), 2],
  ['words in one language', () => readWords('order.paid: paid'), 1],
  ['words without an action', () => readWords(': paid | apmaksāja'), 1],
  ['three languages', () => readWords('a: b | c\n\nb: c | d | e'), 3],
])('%s is refused with its line', (_, read, line) => {
  expect(read).toThrow(new UnreadableLine(line));
});
