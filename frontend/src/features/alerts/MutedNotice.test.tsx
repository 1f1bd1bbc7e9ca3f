// @vitest-environment jsdom
import { act } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { Permission } from '@/gql/graphql';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { MutedNotice, muteLookedAtAgain } from './MutedNotice';
import { BuiltInRules } from './rules/BuiltInRules';

afterEach(() => {
  vi.useRealTimers();
});

/** How often the server is asked for rules while a page is open for two minutes. */
async function asked(page: React.ReactNode, permissions: Permission[]): Promise<number> {
  vi.useFakeTimers();
  const server = fakeServer({
    MutedRules: () => ({ data: { builtInAlertRules: [] } }),
    BuiltInAlertRules: () => ({ data: { builtInAlertRules: [] } }),
  });
  renderSignedIn(page, { ...server, permissions });
  for (let n = 0; n < 4; n++) await act(() => vi.advanceTimersByTimeAsync(muteLookedAtAgain));
  return server.asked.filter(({ operationName }) => /Rules$/.test(operationName)).length;
}

it('a page that is left open asks again only for whoever may see alerts, since each refusal is recorded', async () => {
  expect(await asked(<MutedNotice />, ['ALERTS_VIEW'])).toBeGreaterThan(1);
  expect(await asked(<MutedNotice />, [])).toBe(0);
  expect(await asked(<BuiltInRules mayManage={false} />, [])).toBe(1);
});
