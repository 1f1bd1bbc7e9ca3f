// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { RulesPage } from './RulesPage';

vi.mock('@tanstack/react-router', () => ({
  Link: ({ children }: { children: ReactNode }) => children,
  linkOptions: (options: unknown) => options,
}));

const asked: unknown[] = [];
const muted = {
  mutedUntil: '2030-01-01T10:00:00Z',
  mutedBy: { __typename: 'Person', id: 'p', name: 'Anna' },
};

/** A rule that is built in; NEW_PLACE is muted. */
const rule = (code: string) => ({
  __typename: 'BuiltInAlertRule',
  rule: code,
  keptOn: code === 'ROOT_USED' ? 'This rule cannot be muted: others have to learn of it.' : null,
  version: 3,
  mutedUntil: null,
  mutedBy: null,
  muteReason: code === 'NEW_PLACE' ? 'a journey' : null,
  mutedCount: code === 'NEW_PLACE' ? 2 : 0,
  ...(code === 'NEW_PLACE' ? muted : {}),
});

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
  BuiltInAlertRules: () => ({ data: { builtInAlertRules: [rule('NEW_PLACE'), rule('ROOT_USED')] } }),
  MuteBuiltInAlertRule: ({ variables }) => {
    asked.push(variables);
    return {
      data: {
        muteBuiltInAlertRule: { __typename: 'MuteBuiltInAlertRulePayload', rule: rule('NEW_PLACE') },
      },
    };
  },
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

it('says until when, by whom and why a built-in rule is muted, and ends the mute of the version that is shown', async () => {
  renderSignedIn(<RulesPage />, { fetch, permissions: ['ALERTS_VIEW', 'ALERTS_MANAGE'] });
  await screen.findByText(/by Anna: a journey/);
  await screen.findByText('found something 2 times while it was muted');
  fireEvent.click(screen.getByRole('button', { name: /^End mute of/ }));
  await waitFor(() => expect(asked).toEqual([{ input: { rule: 'NEW_PLACE', version: 3, reason: '' } }]));
});

it('says why a rule that guards the record is not muted, and offers no mute of it', async () => {
  renderSignedIn(<RulesPage />, { fetch, permissions: ['ALERTS_VIEW', 'ALERTS_MANAGE'] });
  await screen.findByText('This rule cannot be muted: others have to learn of it.');
  expect(screen.queryByRole('button', { name: /^Mute/ })).toBeNull();
});
