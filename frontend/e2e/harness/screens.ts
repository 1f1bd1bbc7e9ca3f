import type { Page } from 'playwright-core';

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

/** Every page with something on it, in the sample organisation; one may go on where the one before left. */
export const screens: [string, (page: Page) => Promise<void>][] = [
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
      await page.getByText(/^[\d\s,. ]+ (entries|ieraksti|ierakstu|ieraksts)$/).waitFor();
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
  [
    'hours',
    async (page) => {
      await go(page, '/hours');
      await page.getByText('KEYTRAIL_WORK_HOURS_PURPOSE').waitFor();
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
