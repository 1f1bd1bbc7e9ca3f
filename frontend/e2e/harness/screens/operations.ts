import { go, type Screen } from './go';

/** Hours, webhooks, keeping, and the menu of further pages. */
export const operations: Screen[] = [
  [
    'hours',
    async (page) => {
      await go(page, '/hours');
      await page.getByText('To account for overtime (sample).').waitFor();
      await page
        .getByRole('list', { name: /^(Working times of|Darba laiks: )/ })
        .first()
        .waitFor({ state: 'attached' });
    },
  ],
  [
    'webhooks',
    async (page) => {
      await go(page, '/webhooks');
      await page.getByText(/^(There is no webhook yet|Nevienas aizķeres vēl nav)$/).waitFor();
    },
  ],
  [
    'webhook-form',
    async (page) => {
      await page.getByRole('button', { name: /^(Add a webhook|Pievienot aizķeri)$/ }).click();
      await page.getByRole('checkbox', { name: /^(Alerts|Brīdinājumi)$/ }).waitFor();
    },
  ],
  [
    'keeping',
    async (page) => {
      await go(page, '/keeping');
      await page
        .getByText(/^(Kept for 365 days|Glabā 365 dienas)$/)
        .first()
        .waitFor();
      await page.getByText(/^(There is no archive yet|Arhīvu vēl nav)$/).waitFor();
    },
  ],
  [
    'more-pages',
    async (page) => {
      if ((page.viewportSize()?.width ?? 0) > 767) return; // the rail has room for all
      await page.getByRole('button', { name: /^(More|Vairāk)/ }).click();
      await page.getByRole('menuitem', { name: /^(Approvals|Apstiprināšana)/ }).waitFor();
    },
  ],
];
