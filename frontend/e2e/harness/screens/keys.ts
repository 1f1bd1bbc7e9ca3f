import type { Page } from 'playwright-core';
import { go, type Screen } from './go';

/** The key of the sample organisation that waits for its receiver. */
async function offeredKey(page: Page): Promise<string> {
  const answer = await page.request.post('/graphql', {
    data: {
      query: '{ handovers(filter: { state: PENDING }, first: 1) { edges { node { key { id } } } } }',
    },
    headers: { Origin: new URL(page.url()).origin },
  });
  const { data } = await answer.json();
  return data.handovers.edges[0].node.key.id;
}

/** Keys: the calendar, lists, counts, the desk and groups. */
export const keys: Screen[] = [
  ['calendar', async (page) => page.locator('[aria-pressed][data-today]').first().waitFor()],
  [
    'week',
    async (page) => {
      await go(page, '/?view=week');
      await page.locator('[data-line="1"]').first().waitFor();
    },
  ],
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
    'hand-over',
    async (page) => {
      await go(page, `/keys/${await offeredKey(page)}`);
      await page.getByRole('region', { name: /^(Handover waits|Nodošana gaida)/ }).waitFor();
    },
  ],
  [
    'correct-a-movement',
    async (page) => {
      await page
        .getByRole('listitem')
        .filter({ hasText: /Issued|Izsniegta/ })
        .getByRole('button')
        .first()
        .click();
      await page.getByRole('button', { name: /^(Correct this movement|Labot šo kustību)$/ }).click();
      await page.getByRole('textbox', { name: /^(Reason|Iemesls)/ }).waitFor();
    },
  ],
  [
    'inventory',
    async (page) => {
      await go(page, '/keys/inventory');
      await page.getByRole('button', { name: /^(Start counting|Sākt skaitīšanu)$/ }).waitFor();
    },
  ],
  [
    'count-result',
    async (page) => {
      await page.getByPlaceholder(/^(As written on the keys|Kā rakstīts pie atslēgām)$/).fill('M1');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^(Start counting|Sākt skaitīšanu)$/ }).press('Enter');
      const number = page.getByRole('textbox', { name: /^(Key number|Atslēgas numurs)/ });
      for (const scanned of ['101', '102', '9876']) {
        await number.fill(scanned);
        await number.press('Enter');
      }
      await page.getByRole('button', { name: /^(Finish the count|Pabeigt skaitīšanu)$/ }).press('Enter');
      await page.getByText('9876').first().waitFor();
      await page.getByRole('listitem').nth(2).waitFor();
    },
  ],
  [
    'keys-import',
    async (page) => {
      await go(page, '/keys');
      await page.getByRole('button', { name: /^(Lists and counts|Saraksti un skaitīšana)$/ }).click();
      await page.getByRole('menuitem', { name: /^(Import keys|Importēt atslēgas)$/ }).click();
      await page.locator('input[type="file"]').setInputFiles({
        name: 'keys.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('number,label,building\n9901,Arhīvs,Centrs\n101,,\n,Seifs,Centrs\n'),
      });
      await page.getByRole('row').nth(3).waitFor();
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
];
