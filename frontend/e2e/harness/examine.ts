import { join, resolve } from 'node:path';
import { violationsOf } from './axe';
import type { Visitor } from './browser';

/** Where pictures of pages go. */
export const pictures =
  process.env.KEYTRAIL_PICTURES ?? resolve(import.meta.dirname, '../../test-results/screens');

/** Shows a page as a picture, and holds it to accessibility rules and to its own width. */
export async function examine({ page }: Visitor, name: string): Promise<string[]> {
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined))),
  );
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  // What a picture scrolled under the bar at the top would count as half covered.
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('*')) each.scrollTop = 0;
  });
  return (await violationsOf(page)).map((violation) => `${name}: ${violation}`);
}

/** What examine finds on a page wide and light, and narrow and dark. It is left wide and light. */
export async function examineBothWays(visitor: Visitor, name: string): Promise<string[]> {
  const { page } = visitor;
  const found: string[] = [];
  for (const [colorScheme, width] of [
    ['dark', 360],
    ['light', 1440],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    found.push(...(await examine(visitor, `${name}-${width}-${colorScheme}`)));
  }
  return found;
}
