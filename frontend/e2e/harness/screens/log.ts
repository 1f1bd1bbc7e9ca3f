import { go, type Screen } from './go';

/** The log: its integrity, the timeline, reviews and counts. */
export const log: Screen[] = [
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
    'compliance-report',
    async (page) => {
      await page.getByRole('button', { name: /^(Compliance report|Atbilstības pārskats)$/ }).click();
      await page
        .getByRole('dialog')
        .getByRole('radio', { name: /^(Other days|Citas dienas)$/ })
        .check();
    },
  ],
  [
    'case-bundle',
    async (page) => {
      await go(page, '/integrity');
      await page.getByRole('button', { name: /^(Case bundle|Lietas pakotne)$/ }).click();
      await page.getByRole('dialog').getByRole('textbox').waitFor();
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
  [
    'timeline',
    async (page) => {
      await go(page, '/timeline');
      await page.getByText(/^[\d\s,. ]+ (entries from|ieraksti no|ierakstu no|ieraksts no) /).waitFor();
      await page
        .getByRole('button', { name: /Details and proof|Sīkāk un pierādījums/ })
        .first()
        .waitFor();
    },
  ],
  [
    'timeline-typing',
    async (page) => {
      await go(page, '/timeline');
      await page.getByRole('combobox', { name: /^(Filter|Atlase)$/ }).click();
      await page.getByRole('option').first().waitFor();
    },
  ],
  [
    'around-an-entry',
    async (page) => {
      await go(page, '/timeline?action=key.issued');
      await page
        .getByRole('button', { name: /Details and proof|Sīkāk un pierādījums/ })
        .first()
        .click();
      const drawer = page.getByRole('dialog');
      await drawer.getByText(/^(Around it|Kas notika līdzās)$/).click();
      await drawer.getByRole('heading', { name: / at that time$| tajā brīdī$/ }).waitFor();
      await drawer.getByText(/^(Around it|Kas notika līdzās)$/).evaluate((title) => title.scrollIntoView());
      await drawer.getByRole('heading', { name: /^(History of|Vēsture)/ }).waitFor();
    },
  ],
  [
    'review',
    async (page) => {
      await go(page, '/timeline?action=key.returned');
      await page
        .getByRole('button', { name: /Details and proof|Sīkāk un pierādījums/ })
        .nth(2)
        .waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('!');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('22:40?');
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      await page.keyboard.press('j');
      await page.keyboard.press(' ');
      await page.getByText(/^(1 chosen|Izvēlēts 1)$/).waitFor();
      await page
        .getByText(/^(Flagged|Atzīmēts) · /)
        .first()
        .waitFor();
    },
  ],
  [
    'review-entry',
    async (page) => {
      await page.keyboard.press('r');
      await page.getByRole('dialog').getByRole('radio').first().waitFor();
    },
  ],
  [
    'close-the-day',
    async (page) => {
      await go(page, '/timeline?streams=AUTH');
      await page.getByRole('button', { name: /^(Close the day|Noslēgt dienu)$/ }).click();
      await page
        .getByRole('dialog')
        .getByText(/unreviewed\.|nav pārskatīt/)
        .first()
        .waitFor();
    },
  ],
  [
    'saved-views',
    async (page) => {
      await go(page, '/timeline?outcome=FAILURE');
      await page.getByRole('button', { name: /^(Saved views|Saglabātie skati)$/ }).click();
      await page.getByRole('menuitem', { name: /^(Save this filter|Saglabāt šo atlasi)$/ }).click();
      await page.getByRole('dialog').getByRole('textbox').waitFor();
    },
  ],
  [
    'overview',
    async (page) => {
      await go(page, '/timeline/overview');
      await page
        .getByRole('table', { name: /^(By day and hour|Pa dienām un stundām)$/ })
        .getByRole('link')
        .first()
        .waitFor();
    },
  ],
];
