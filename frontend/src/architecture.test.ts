import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.tsx?$/.test(name) && !name.startsWith('gql'),
);

/** Folders of src by what they may import from; the part after features/ is the feature. */
const allowed: Record<string, readonly string[]> = {
  lib: ['lib', 'gql'],
  components: ['components', 'lib', 'gql'],
  features: ['components', 'lib', 'gql'],
  app: ['app', 'features', 'components', 'lib', 'gql'],
  testing: ['app', 'components', 'lib', 'gql'],
};

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target]) => target ?? '');
}

/** A target inside src as its path from src; null for packages. */
function within(file: string, target: string): string | null {
  if (target.startsWith('@/')) return target.slice(2);
  if (target.startsWith('.')) return relative(root, join(root, file, '..', target));
  return null;
}

/** What is wrong with an import, if anything. */
function objection(file: string, target: string): string | null {
  const path = within(file, target);
  const [layer, feature] = file.split('/');
  const may = allowed[layer ?? ''];
  if (!path || !may) return null;
  const [targetLayer, targetFeature] = path.split('/');
  if (targetLayer === 'testing' && file.includes('.test.')) return null;
  if (layer === 'features' && targetLayer === 'features' && targetFeature === feature) return null;
  return may.includes(targetLayer ?? '') ? null : `${file} imports ${path}`;
}

describe('the source', () => {
  it('imports only downwards, and no feature imports another', () => {
    const objections = files.flatMap((file) => importsOf(file).map((target) => objection(file, target)));
    expect(objections.filter(Boolean)).toEqual([]);
  });

  it('would be caught importing across features or upwards', () => {
    expect(objection('features/keys/KeysPage.tsx', '../calendar/Strip')).toContain('calendar');
    expect(objection('features/keys/KeysPage.tsx', '@/features/people/PersonRow')).toContain('people');
    expect(objection('lib/paths.ts', '@/app/router')).toContain('app');
    expect(objection('features/keys/KeysPage.tsx', './KeyList')).toBeNull();
  });

  it('writes addresses in lib/paths.ts and the router only', () => {
    const writers = files.filter((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return /\bto[=:]\s*\{?['"`]\//.test(text) && !['lib/paths.ts', 'app/router.tsx'].includes(file);
    });
    expect(writers.filter((file) => !file.endsWith('.test.ts'))).toEqual([]);
  });
});
