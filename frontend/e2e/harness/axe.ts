import axe from 'axe-core';
import type { Page } from 'playwright-core';

const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What a page has against accessibility rules and its own width, a line each. The rules run in the page itself, which
 * has no frames, and stay there for as long as the page is not loaded anew.
 */
export async function violationsOf(page: Page): Promise<string[]> {
  await menuGone(page);
  await page.evaluate(animationsEnded);
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(brokenRules, rules);
  found.push(...(await cutOff(page)));
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return wider > 0 ? [...found, `the page is ${wider} px wider than the window`] : found;
}

/** Waits for what moves or fades in for a moment, since colours are looked at as they are then. */
async function animationsEnded(): Promise<void> {
  const ends = document
    .getAnimations()
    .filter((each) => Number.isFinite(each.effect?.getComputedTiming().endTime))
    .map((each) => each.finished);
  await Promise.race([Promise.allSettled(ends), new Promise((done) => setTimeout(done, 2_000))]);
}

/**
 * The rules that a page breaks. What a list has beyond fifteen rows is hidden from them meanwhile, and keeps its place: the
 * rows of a list are alike, and a hundred of them take five times as long as the rest of their page.
 */
async function brokenRules(tags: string[]): Promise<string[]> {
  const further = new CSSStyleSheet();
  further.replaceSync(
    ':is(li, tbody > tr, [role="row"]):nth-child(n + 16):not(:focus-within) { visibility: hidden !important }',
  );
  document.adoptedStyleSheets.push(further);
  try {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: { type: 'tag', values: tags },
      resultTypes: ['violations'],
    });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  } finally {
    document.adoptedStyleSheets.splice(document.adoptedStyleSheets.indexOf(further), 1);
  }
}

/** What a narrow window cuts off of names, headings and controls, which nothing there shows in full. */
async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    if (window.innerWidth > 480) return [];
    const named = document.querySelectorAll<HTMLElement>(
      'main :is(h1, h2, h3, h4, th, strong, button, a[href], [role="gridcell"] > span), [role="dialog"] :is(h1, h2, h3, h4, th, strong, button)',
    );
    const cut = [...named].filter((each) => {
      const box =
        each.querySelector('.mantine-Button-label') ?? each.closest('th, td, li > div > span') ?? each;
      const { overflowX, clip } = getComputedStyle(box);
      return (
        overflowX === 'hidden' &&
        clip === 'auto' &&
        box.clientWidth > 2 &&
        box.scrollWidth > box.clientWidth + 1 &&
        !each.closest('[title]')
      );
    });
    return cut.map((each) => `cut off: ${each.textContent}`);
  });
}

/** Waits until the menu from which a dialog was opened has faded away. */
async function menuGone(page: Page): Promise<void> {
  if ((await page.getByRole('dialog').count()) === 0) return;
  await page
    .waitForFunction(() => !document.querySelector('[role="menu"]'), null, { timeout: 5_000 })
    .catch(() => {}); // one that stays is looked at
}
