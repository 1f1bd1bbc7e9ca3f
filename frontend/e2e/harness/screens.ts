import type { Page } from 'playwright-core';

/** Every page with something on it, in the sample organisation; one may go on where the one before left. */
export const screens: [string, (page: Page) => Promise<void>][] = [
  ['calendar', async (page) => page.locator('[aria-pressed][data-today]').first().waitFor()],
  [
    'week',
    async (page) => {
      await page.goto('/?view=week');
      await page.locator('[data-line="1"]').first().waitFor();
    },
  ],
  [
    'keys',
    async (page) => {
      await page.goto('/keys');
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
      await page.goto('/keys');
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
      await page.goto('/keys/inventory');
      await page.getByText(/Nothing has been counted yet|Vēl nekas nav skaitīts/).waitFor();
    },
  ],
  [
    'desk',
    async (page) => {
      await page.goto('/desk');
      await page.getByRole('listitem').nth(3).waitFor();
    },
  ],
  [
    'approvals',
    async (page) => {
      await page.goto('/approvals');
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
      await page.goto('/keys/groups');
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
      await page.goto('/sign-ins');
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
  ],
  [
    'alerts',
    async (page) => {
      await page.goto('/alerts');
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
      await page.goto('/people');
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
      await page.goto('/people?left=keys');
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
      await page.goto('/people');
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
      await page.goto('/access');
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
      await page.goto('/account');
      await page.getByRole('listitem').first().waitFor();
    },
  ],
  [
    'tokens',
    async (page) => {
      await page.goto('/tokens');
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
      await page.goto('/integrity?seq=40');
      await page
        .getByText(/Verified in this browser|Pārbaudīts|pārbaudīts/)
        .first()
        .waitFor();
    },
  ],
  [
    'who-looked',
    async (page) => {
      await page.goto('/integrity?log=all');
      await page
        .getByRole('button', { name: /Details and proof|Dati un pierādījums/ })
        .first()
        .waitFor();
    },
  ],
];
