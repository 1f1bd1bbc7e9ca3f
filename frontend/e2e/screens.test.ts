import { mkdir } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, visit } from './harness/browser';
import { Client } from './harness/client';
import { examine, pictures } from './harness/examine';
import { looks } from './harness/looks';
import { screens } from './harness/screens';
import { Server } from './harness/server';
import { EnglishFinder } from './harness/texts';

const admin = { username: 'admin', password: 'keytrail-sample' };

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

test.concurrent.each(looks)(
  '$name: every page is accessible, fits, and in Latvian has no English left',
  async ({ name, options }) => {
    const visitor = await visit(browser, server.url, {
      ...options,
      reducedMotion: 'reduce', // rows that slide in while the rules are checked are half transparent
    });
    visitor.context.setDefaultTimeout(60_000); // two looks at once, beside other tests
    const english = new EnglishFinder(visitor.page);
    const found: string[] = [];
    const look = async (screen: string) => {
      found.push(...(await examine(visitor, `${screen}-${name}`)));
      if (options.locale !== 'lv-LV') return;
      found.push(...(await english.find()).map((text) => `${screen}: ${text}`));
    };
    await visitor.page.goto('/');
    await visitor.page.locator('input[type="password"]').waitFor();
    await look('sign-in');
    await signIn(visitor.page, admin);
    for (const [screen, open] of screens) {
      await open(visitor.page);
      await look(screen);
    }
    await visitor.context.close();
    expect(found).toEqual([]);
    expect(visitor.errors).toEqual([]);
  },
  900_000,
);
