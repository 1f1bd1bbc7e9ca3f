import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import en from '@/lib/i18n/en.json';
import { reasons } from './reasons';

/** Where the server says why somebody was refused, did not get in, or was signed out. */
const folders = ['access', 'custody', 'signin', 'tokens'];

function reasonsOfTheServer(): string[] {
  return folders.flatMap((folder) => {
    const path = resolve(process.cwd(), '../server', folder);
    const sources = readdirSync(path).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'));
    return sources.flatMap((name) => {
      const text = readFileSync(resolve(path, name), 'utf8');
      return [...text.matchAll(/^\s*(?:const )?(?:[Rr]eason|revoked)\w+\s*=\s*"(\w+)"/gm)].map(
        ([, code]) => code ?? '',
      );
    });
  });
}

it('are said in words, whatever the server gives as one', () => {
  const given = reasonsOfTheServer();
  expect(given.length).toBeGreaterThan(25);
  expect(given.filter((code) => !reasons.some((each) => each === code))).toEqual([]);
});

it('are all that there are words for', () => {
  expect([...reasons].sort()).toEqual(Object.keys(en.reasons).sort());
});
