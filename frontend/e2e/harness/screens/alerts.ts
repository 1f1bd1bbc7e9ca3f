import { go, type Screen } from './go';

/** Sign-ins, alerts and their rules. */
export const alerts: Screen[] = [
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
    'alert-rules',
    async (page) => {
      await go(page, '/alerts/rules');
      await page.getByRole('heading', { name: /^(Built in|Iebūvētās)$/ }).waitFor();
    },
  ],
  [
    'alert-rule-form',
    async (page) => {
      await page.getByRole('button', { name: /^(New rule|Jauna kārtula)$/ }).click();
      await page.getByRole('dialog').getByRole('checkbox').nth(3).waitFor();
    },
  ],
];
