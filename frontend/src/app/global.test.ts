import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const css = readFileSync(new URL('./global.css', import.meta.url), 'utf8');

it('keeps the direction, the width and the height of what somebody wrote to itself', () => {
  expect(css).toMatch(/:where\([^)]*\bspan, strong\b[^)]*\) \{\s*unicode-bidi: isolate;/);
  expect(css).toMatch(/body \{\s*overflow-wrap: break-word;/);
  expect(css).toMatch(/:where\(h1, h2, h3, dd\) \{\s*overflow: clip;/);
});
