import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './harness/axe';
import { signIn, startBrowser, type Visitor, visit } from './harness/browser';
import { Client } from './harness/client';
import { Server } from './harness/server';

const pictures = process.env.KEYTRAIL_PICTURES ?? resolve(import.meta.dirname, '../test-results/screens');
const admin = { username: 'admin', password: 'keytrail-sample' };

const sizes = [
  { width: 1440, height: 900 },
  { width: 360, height: 740 },
];

let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = await Server.start({ KEYTRAIL_SAMPLE: '1' });
  for (let n = 0; n < 5; n++) {
    await Client.signIn(server.url, { username: 'member', password: 'not the password' }).catch(
      () => undefined,
    );
  }
  browser = await startBrowser();
  await mkdir(pictures, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/**
 * Goes to a page as its link would, inside the app. It is loaded anew where only the search part differs, and from
 * behind a dialog or a menu, where nobody follows a link.
 */
async function go(page: Page, path: string): Promise<void> {
  const { pathname } = new URL(path, page.url());
  const covered = (await page.locator('[role="dialog"], [role="menu"]').count()) > 0;
  if (covered || pathname === new URL(page.url()).pathname) {
    await page.goto(path);
    return;
  }
  const former = await page.title();
  await page.evaluate((to) => window.history.pushState({}, '', to), path);
  await page.waitForFunction((title) => document.title !== title, former);
}

const screens: [string, (page: Page) => Promise<void>][] = [
  ['calendar', async (page) => page.locator('[aria-pressed][data-today]').first().waitFor()],
  [
    'keys',
    async (page) => {
      await go(page, '/keys');
      await page.getByRole('row').nth(3).waitFor();
    },
  ],
  [
    'issue',
    async (page) => {
      await page
        .getByRole('row', { name: /Available|Pieejama/ })
        .first()
        .focus();
      await page.keyboard.press('Enter');
      await page.getByRole('option').first().waitFor();
    },
  ],
  [
    'key',
    async (page) => {
      await go(page, '/keys');
      await page.getByRole('row').nth(2).getByRole('link').first().click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('table').or(page.getByRole('list')).or(page.getByRole('grid')).first().waitFor();
    },
  ],
  [
    'key-actions',
    async (page) => {
      await page.getByRole('button', { name: /^(More actions|Citas darbības)$/ }).click();
      await page.getByRole('menuitem', { name: /^(Print label|Drukāt uzlīmi)$/ }).waitFor();
    },
  ],
  [
    'inventory',
    async (page) => {
      await go(page, '/keys/inventory');
      await page.getByText(/Nothing has been counted yet|Vēl nekas nav skaitīts/).waitFor();
    },
  ],
  [
    'desk',
    async (page) => {
      await go(page, '/desk');
      await page.getByRole('listitem').nth(3).waitFor();
    },
  ],
  [
    'approvals',
    async (page) => {
      await go(page, '/approvals');
      await page
        .getByRole('status')
        .filter({ hasText: /Nothing waits|Nekas negaida/ })
        .or(page.getByRole('listitem').filter({ hasText: /Waits|Gaida/ }))
        .first()
        .waitFor();
    },
  ],
  [
    'key-groups',
    async (page) => {
      await go(page, '/keys/groups');
      await page
        .getByRole('button', { name: /^(Edit group|Labot grupu)/ })
        .first()
        .waitFor();
    },
  ],
  [
    'key-group',
    async (page) => {
      await page
        .getByRole('button', { name: /^(Edit group|Labot grupu)/ })
        .first()
        .click();
      const form = page.getByRole('dialog');
      await form.getByRole('button', { name: /^(Add who may|Pievienot, kas)/ }).click();
      await form.getByRole('checkbox', { name: /^(Line 1 only|1\. rinda tikai)/ }).click();
    },
  ],
  [
    'sign-ins',
    async (page) => {
      await go(page, '/sign-ins');
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
  ],
  [
    'alerts',
    async (page) => {
      await go(page, '/alerts');
      await page
        .getByRole('button', { name: /^(Details|Dati): / })
        .first()
        .waitFor();
    },
  ],
  [
    'alert',
    async (page) => {
      await page
        .getByRole('button', { name: /^(Details|Dati): / })
        .first()
        .click();
      await page.getByRole('dialog').getByRole('button').nth(1).waitFor();
    },
  ],
  [
    'people',
    async (page) => {
      await go(page, '/people');
      await page.getByText('Anna Eglīte').first().waitFor();
    },
  ],
  [
    'person',
    async (page) => {
      await page.getByRole('button', { name: /Anna Eglīte$/ }).click();
      await page.getByRole('menuitem', { name: /^(Change details|Mainīt datus)$/ }).click();
      await page.getByRole('button', { name: /^(Add a name|Pievienot nosaukumu)$/ }).click();
      await page.getByLabel(/^(Program of name 1|1\. nosaukuma programma)$/).fill('windows');
    },
  ],
  [
    'merge',
    async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: /Anna Eglīte$/ }).click();
      await page.getByRole('menuitem', { name: /^(Merge with…|Apvienot ar…)$/ }).click();
      await page.getByRole('combobox', { name: /^(The other entry|Tā paša cilvēka)/ }).click();
      await page.getByRole('option').first().click();
      await page.getByRole('region', { name: /^(What will happen|Kas notiks)$/ }).waitFor();
    },
  ],
  [
    'left-with-keys',
    async (page) => {
      await go(page, '/people?left=keys');
      await page
        .getByRole('button', { name: /^(Left, keys out|Aizgājuši, atslēgas nav atdotas)$/ })
        .waitFor();
      await page
        .getByText(/Nobody who left holds keys|Neviens aizgājušais netur atslēgas|left after|aizgājis pēc/)
        .first()
        .waitFor();
    },
  ],
  [
    'import',
    async (page) => {
      await go(page, '/people');
      await page.getByRole('button', { name: /^(Import|Importēt)$/ }).click();
      await page.locator('input[type="file"]').setInputFiles({
        name: 'people.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(
          'name,badge,email\nĢirts Ābols,4711,nowhere\nAnna Eglīte,,\nIlze Zeltiņa,4712,\n',
        ),
      });
      await page.getByRole('row').nth(3).waitFor();
    },
  ],
  [
    'access',
    async (page) => {
      await go(page, '/access');
      await page.getByRole('row').nth(8).waitFor();
    },
  ],
  [
    'roles-of-a-person',
    async (page) => {
      await page
        .getByRole('button', { name: /Actions for|Darbības:/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name: /Change roles|Mainīt lomas/ }).click();
      await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    },
  ],
  [
    'account',
    async (page) => {
      await go(page, '/account');
      await page.getByRole('listitem').first().waitFor();
    },
  ],
  [
    'tokens',
    async (page) => {
      await go(page, '/tokens');
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page
        .getByRole('row')
        .nth(1)
        .or(page.getByText(/There is no token yet|Marķieru vēl nav/))
        .waitFor();
    },
  ],
  [
    'integrity',
    async (page) => {
      await go(page, '/integrity?seq=40');
      await page
        .getByText(/Verified in this browser|Pārbaudīts|pārbaudīts/)
        .first()
        .waitFor();
    },
  ],
  [
    'who-looked',
    async (page) => {
      await go(page, '/integrity?log=all');
      await page
        .getByRole('button', { name: /Details and proof|Dati un pierādījums/ })
        .first()
        .waitFor();
    },
  ],
];

/** Shows a page as a picture, and holds it to accessibility rules and to its own width. */
async function examine(visitor: Visitor, name: string): Promise<string[]> {
  const { page } = visitor;
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined))),
  );
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  return (await violationsOf(page)).map((violation) => `${name}: ${violation}`);
}

const looks = sizes.flatMap((viewport) => [
  { viewport, colorScheme: 'light', locale: 'en-GB' } as const,
  { viewport, colorScheme: 'dark', locale: 'lv-LV' } as const,
]);

test.concurrent.each(looks)(
  'at $viewport.width px, $colorScheme, $locale: every page is accessible and fits',
  async ({ viewport, colorScheme, locale }) => {
    const visitor = await visit(browser, server.url, {
      viewport,
      colorScheme,
      locale,
      reducedMotion: 'reduce', // rows that slide in while the rules are checked are half transparent
    });
    visitor.context.setDefaultTimeout(60_000); // two looks at once, beside other tests
    const name = (screen: string) => `${screen}-${viewport.width}-${colorScheme}-${locale.slice(0, 2)}`;
    await visitor.page.goto('/');
    await visitor.page.locator('input[type="password"]').waitFor();
    const found = await examine(visitor, name('sign-in'));
    await signIn(visitor.page, admin);
    for (const [screen, open] of screens) {
      await open(visitor.page);
      found.push(...(await examine(visitor, name(screen))));
    }
    await visitor.context.close();
    expect(found).toEqual([]);
    expect(visitor.errors).toEqual([]);
  },
  480_000,
);
