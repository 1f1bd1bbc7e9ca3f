import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { isKnown } from './actions';

test('every action that the server itself writes has a look and words of its own', () => {
  const registry = readFileSync(resolve(process.cwd(), '../server/ledger/actions.go'), 'utf8');
  const codes = [...registry.matchAll(/= "((?:key|auth|access|log|privacy|system)\.[a-z_.]+)"/g)].map(
    ([, code]) => code ?? '',
  );
  expect(codes.length).toBeGreaterThan(25);
  expect(codes.filter((code) => !isKnown(code))).toEqual([]);
});
