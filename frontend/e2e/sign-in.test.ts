import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signIn, startBrowser, visit } from './harness/browser';
import { Client } from './harness/client';
import { examine, pictures } from './harness/examine';
import { looks } from './harness/looks';
import { Provider } from './harness/provider';
import { ROOT, Server } from './harness/server';
import { totpCode } from './harness/totp';

let server: Server;
let provider: Provider;
let browser: Browser;
let root: Client;

beforeAll(async () => {
  provider = await Provider.start();
  const port = await Server.freePort();
  server = await Server.start(
    {
      KEYTRAIL_OIDC_ISSUER: provider.issuer,
      KEYTRAIL_OIDC_CLIENT_ID: 'keytrail',
      KEYTRAIL_OIDC_REDIRECT_URL: `http://127.0.0.1:${port}/auth/oidc/callback`,
      KEYTRAIL_OIDC_LABEL: 'Example Org',
      KEYTRAIL_OIDC_CREATE_ROLE: 'custodian',
    },
    port,
  );
  browser = await startBrowser();
  root = await Client.signIn(server.url, ROOT);
  await mkdir(pictures, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
  provider?.stop();
});

/** Each look is held to accessibility rules at many steps, which takes long where others work beside. */
const patienceMs = 300_000;

async function giveName(page: Page, who: { username: string; password: string }): Promise<void> {
  await page.getByLabel(/^(User name|Lietotājvārds)$/).fill(who.username);
  await page.locator('input[type="password"]').fill(who.password);
  await page.keyboard.press('Enter');
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Your menu|Jūsu izvēlne)/ }).click();
  await page.getByRole('menuitem', { name: /^(Sign out|Izrakstīties)$/ }).click();
  await page.locator('input[type="password"]').waitFor();
}

const codeField = /^(Code of the second factor|Otrā faktora kods)$/;
const isHome = (page: Page) => page.locator('[data-today]').first().waitFor();

describe('a second factor', () => {
  test.each(looks)(
    '$name: is set up, asked for, stood in for, and removed',
    async ({ name: look, options }) => {
      const visitor = await visit(browser, server.url, { ...options, reducedMotion: 'reduce' });
      const { page } = visitor;
      const found: string[] = [];
      await signIn(page, ROOT);
      await page.getByRole('button', { name: /^(Your menu|Jūsu izvēlne)/ }).click();
      await page.getByRole('menuitem', { name: /^(Security|Drošība)$/ }).click();
      await page.getByText(/^(No second factor is set up|Otrais faktors nav iestatīts)/).waitFor();
      found.push(...(await examine(visitor, `security-off-${look}`)));

      await page.getByRole('button', { name: /^(Set up a second factor|Iestatīt otro faktoru)$/ }).click();
      const secret = (await page.locator('[role="dialog"] code').first().textContent()) ?? '';
      await page.locator('[role="dialog"] img').waitFor();
      found.push(...(await examine(visitor, `security-enrol-${look}`)));
      const first = page.getByLabel(
        /^(The six digits that the app shows now|Seši cipari, ko lietotne tagad rāda)$/,
      );
      await first.fill('000000');
      await page.keyboard.press('Enter');
      await page.getByText(/^(This code is wrong|Kods ir nepareizs)/).waitFor();
      await first.fill(totpCode(secret, Date.now()));
      await page.keyboard.press('Enter');
      const codes = page.getByRole('list', { name: /^(Recovery codes|Atkopšanas kodi)$/ }).locator('code');
      await codes.nth(9).waitFor();
      const recovery = await codes.allTextContents();
      expect(new Set(recovery).size).toBe(10);
      found.push(...(await examine(visitor, `security-codes-${look}`)));
      await page.getByRole('button', { name: /^(I have kept them|Esmu tos saglabājis)$/ }).click();
      await page.getByText(/^(10 recovery codes are left|Atlikuši 10|Atlicis 10)/).waitFor();
      found.push(...(await examine(visitor, `security-on-${look}`)));

      await signOut(page);
      await giveName(page, ROOT);
      const code = page.getByLabel(codeField);
      await code.fill('000000');
      await page.keyboard.press('Enter');
      await page.getByText(/^(This code is wrong|Kods ir nepareizs)/).waitFor();
      found.push(...(await examine(visitor, `sign-in-code-${look}`)));
      await code.fill(totpCode(secret, Date.now() + 30_000)); // that of now was used to confirm
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^(Your menu|Jūsu izvēlne)/ }).waitFor();

      await signOut(page);
      await giveName(page, ROOT);
      await page.getByLabel(codeField).fill(recovery[0] ?? '');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^(Your menu|Jūsu izvēlne)/ }).waitFor();

      await page.goto('/security');
      await page.getByText(/^(9 recovery codes are left|Atlikuši 9)/).waitFor();
      await page.getByRole('button', { name: /^(Remove the second factor|Noņemt otro faktoru)$/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.locator('input[type="password"]').fill(ROOT.password);
      found.push(...(await examine(visitor, `security-remove-${look}`)));
      await page.keyboard.press('Enter');
      await page.getByText(/^(No second factor is set up|Otrais faktors nav iestatīts)/).waitFor();
      await visitor.context.close();
      expect(found).toEqual([]);
      expect(visitor.errors).toEqual([]);
    },
    patienceMs,
  );
});

describe('an identity provider', () => {
  test.each(looks)(
    '$name: lets in whom it vouches for, at the page he asked for',
    async ({ name: look, options }) => {
      const visitor = await visit(browser, server.url, { ...options, reducedMotion: 'reduce' });
      const { page } = visitor;
      const found: string[] = [];
      const button = page.getByRole('link', {
        name: /^(Sign in with Example Org|Pierakstīties ar Example Org)$/,
      });
      provider.user = null;
      await page.goto('/keys?q=10');
      await button.waitFor();
      found.push(...(await examine(visitor, `sign-in-provider-${look}`)));
      await button.click();
      await page.getByRole('alert').waitFor();
      found.push(...(await examine(visitor, `sign-in-provider-refused-${look}`)));

      provider.user = { sub: `zane-${look}`, name: 'Zane Zīle', preferred_username: `zane-${look}` };
      await page.goto('/keys?q=10');
      await button.click();
      await page.getByRole('button', { name: /Zane Zīle/ }).waitFor();
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/keys?q=10');
      await visitor.context.close();
      expect(found).toEqual([]);
      expect(visitor.errors).toEqual([]);
    },
    patienceMs,
  );

  test('what it said is on record with its name', async () => {
    const { authLog } = await root.ask<{ authLog: { edges: { node: { action: string } }[] } }>(
      'query { authLog(first: 100) { edges { node { action } } } }',
    );
    const actions = authLog.edges.map(({ node }) => node.action);
    expect(actions).toContain('auth.external_identity_linked');
    expect(actions).toContain('auth.external_sign_in_failed');
  });
});

test("a stranger's failures lock him out and not the owner's own browser, and an admin unlocks", async () => {
  const owner = await visit(browser, server.url);
  await signIn(owner.page, ROOT);
  await signOut(owner.page);

  const stranger = await visit(browser, server.url);
  await stranger.page.goto('/');
  for (let n = 0; n < 6; n++) {
    await giveName(stranger.page, { username: ROOT.username, password: `guess ${n}` });
    await stranger.page.getByRole('alert').waitFor();
    if (await stranger.page.getByText(/^Wait \d+ seconds?/).isVisible()) break;
  }
  await giveName(stranger.page, ROOT);
  await stranger.page.getByText(/Wait \d+ seconds?/).waitFor();

  await giveName(owner.page, ROOT);
  await isHome(owner.page);
  await owner.context.close();
  await stranger.context.close();

  const { viewer } = await root.ask<{ viewer: { account: { id: string } } }>(
    'query { viewer { account { id } } }',
  );
  const { unlockAccount } = await root.ask<{ unlockAccount: boolean }>(
    'mutation($account: ID!) { unlockAccount(account: $account) }',
    { account: viewer.account.id },
  );
  expect(unlockAccount).toBe(true);
  const again = await visit(browser, server.url);
  await signIn(again.page, ROOT);
  await again.context.close();
});
