// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { RulesPage } from './RulesPage';

vi.mock('@tanstack/react-router', () => ({
  Link: ({ children }: { children: ReactNode }) => children,
  linkOptions: (options: unknown) => options,
}));

const { fetch } = fakeServer({
  AlertRules: () => ({
    data: {
      alertRules: {
        __typename: 'CustomAlertRuleConnection',
        edges: [],
        pageInfo: { __typename: 'PageInfo', hasNextPage: false, endCursor: null },
      },
    },
  }),
});

it('offers a new rule to whoever handles all alerts', async () => {
  renderSignedIn(<RulesPage />, { fetch, permissions: ['ALERTS_VIEW', 'ALERTS_MANAGE'] });
  await screen.findByText('New rule');
});

it('offers nothing that the server refuses to whoever handles alerts about keys only', async () => {
  renderSignedIn(<RulesPage />, { fetch, permissions: ['ALERTS_VIEW', 'ALERTS_MANAGE'], everywhere: [] });
  await screen.findByText('Rules that admins made are shown to whoever sees all alerts.');
  await screen.findByText('Built in');
  expect(screen.queryByText('New rule')).toBeNull();
  expect(screen.queryByText('No rules of your own yet')).toBeNull();
});
