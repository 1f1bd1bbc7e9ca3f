import { go, type Screen } from './go';

/** People, what they may do, and what is kept of them. */
export const people: Screen[] = [
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
    'my-data',
    async (page) => {
      await go(page, '/my-data');
      await page
        .getByRole('button', { name: /^(I agree|Piekrītu)/ })
        .first()
        .waitFor();
    },
  ],
  [
    'privacy',
    async (page) => {
      await go(page, '/privacy');
      await page.getByText(/No request waits|Neviens lūgums negaida/).waitFor();
    },
  ],
  [
    'erase-a-person',
    async (page) => {
      await page.getByRole('button', { name: /^(Erase a person|Dzēst cilvēka datus)$/ }).click();
      await page
        .getByRole('dialog')
        .getByLabel(/^(Reason|Iemesls)$/)
        .waitFor();
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
];
