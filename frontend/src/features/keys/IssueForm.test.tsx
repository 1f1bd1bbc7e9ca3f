// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { IssueForm } from './IssueForm';
import type { KeyRow } from './keyRow';

const key: KeyRow = {
  id: 'k1',
  number: '101',
  label: 'Meeting room 204',
  building: '',
  floor: '',
  room: '',
  cabinet: '',
  hook: '',
  state: 'AVAILABLE',
  loan: null,
};

const person = (id: string, name: string) => ({
  __typename: 'Person',
  id,
  name,
  badge: null,
  company: null,
  department: null,
});

const people = {
  DefaultDue: () => ({ data: { key: null } }),
  Holders: () => ({
    data: {
      people: {
        __typename: 'PersonConnection',
        edges: ['Anna', 'Jānis'].map((name) => ({ __typename: 'PersonEdge', node: person(name, name) })),
      },
    },
  }),
  RecentHolders: () => ({
    data: {
      loans: {
        __typename: 'LoanConnection',
        edges: [
          {
            __typename: 'LoanEdge',
            node: { __typename: 'Loan', id: 'l1', holder: person('Jānis', 'Jānis') },
          },
        ],
      },
    },
  }),
};

const issued = {
  data: { issueKeys: { __typename: 'IssueKeysPayload', loans: [], entries: [], approvals: [] } },
};

function setup(answers: Parameters<typeof fakeServer>[0], language: 'en' | 'lv' = 'en') {
  const server = fakeServer({ ...people, ...answers });
  const done = vi.fn();
  const view = renderSignedIn(<IssueForm keys={[key]} close={() => {}} done={done} />, {
    ...server,
    language,
  });
  const sent = () => server.asked.filter(({ operationName }) => operationName === 'IssueKeys');
  return { ...view, done, sent };
}

describe('issuing a key', () => {
  it('works by keyboard alone, with those who held keys lately first', async () => {
    const { user, done, sent } = setup({ IssueKeys: () => issued });
    await user.click(screen.getByRole('combobox', { name: 'Holder' }));
    await waitFor(() =>
      expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual(['Jānis', 'Anna']),
    );
    await user.keyboard('{ArrowDown}{Enter}{Enter}');
    await waitFor(() => expect(done).toHaveBeenCalled());
    expect(sent()[0]?.variables).toMatchObject({ input: { keys: ['k1'], holder: 'Jānis' } });
  });

  it('uses the same idempotency key when it is tried again after no answer came', async () => {
    let attempts = 0;
    const { user, done, sent } = setup({ IssueKeys: () => (++attempts === 1 ? 'no answer' : issued) });
    await user.click(screen.getByRole('combobox', { name: 'Holder' }));
    await user.click(await screen.findByRole('option', { name: 'Anna' }));
    await user.click(screen.getByRole('button', { name: 'Issue 1 key' }));
    expect((await screen.findByRole('alert')).textContent).toContain('could not be reached');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(done).toHaveBeenCalled());
    const [first, second] = sent().map(
      ({ variables }) => (variables.input as { idempotencyKey: string }).idempotencyKey,
    );
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);
  });

  it('says who holds a key that somebody else was given meanwhile', async () => {
    const conflict = {
      errors: [
        {
          message: 'Key 101 is out.',
          extensions: { code: 'CONFLICT', keys: [{ number: '101', holder: 'Pēteris' }] },
        },
      ],
    };
    const { user, done } = setup({ IssueKeys: () => conflict });
    await user.click(screen.getByRole('combobox', { name: 'Holder' }));
    await user.click(await screen.findByRole('option', { name: 'Anna' }));
    await user.click(screen.getByRole('button', { name: 'Issue 1 key' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Key 101 is out: Pēteris holds it.');
    expect(done).not.toHaveBeenCalled();
  });

  it('leaves the due time to the groups unless it is chosen, and says what they say', async () => {
    const byGroups = { __typename: 'Key', id: 'k1', defaultDueAt: '2026-11-26T15:00:00.000Z' };
    const { user, done, sent } = setup({
      IssueKeys: () => issued,
      DefaultDue: () => ({ data: { key: byGroups } }),
    });
    await screen.findByText(/26 Nov 2026, 17:00/);
    await user.click(screen.getByRole('combobox', { name: 'Holder' }));
    await user.click(await screen.findByRole('option', { name: 'Anna' }));
    await user.click(screen.getByRole('button', { name: 'Issue 1 key' }));
    await waitFor(() => expect(done).toHaveBeenCalled());
    expect(sent()[0]?.variables.input).not.toHaveProperty('dueAt');
  });

  it('sends null for until further notice', async () => {
    const { user, done, sent } = setup({ IssueKeys: () => issued });
    await user.click(screen.getByRole('combobox', { name: 'Holder' }));
    await user.click(await screen.findByRole('option', { name: 'Anna' }));
    await user.click(screen.getByRole('radio', { name: 'Open' }));
    await user.click(screen.getByRole('button', { name: 'Issue 1 key' }));
    await waitFor(() => expect(done).toHaveBeenCalled());
    expect(sent()[0]?.variables.input).toMatchObject({ dueAt: null });
  });

  it('says who may take the key, and issues it all the same only with a reason', async () => {
    const refused = {
      errors: [
        {
          message: 'This holder may not take key 101 then.',
          extensions: { code: 'FORBIDDEN', takers: ['the role custodian'], required: 'overrideReason' },
        },
      ],
    };
    let attempts = 0;
    const { user, done, sent } = setup({ IssueKeys: () => (++attempts === 1 ? refused : issued) });
    await user.click(screen.getByRole('combobox', { name: 'Holder' }));
    await user.click(await screen.findByRole('option', { name: 'Anna' }));
    await user.click(screen.getByRole('button', { name: 'Issue 1 key' }));
    await screen.findByText('Who may take it: the role custodian');
    await user.click(screen.getByRole('button', { name: 'Issue 1 key' }));
    await screen.findByText('Say why, or choose something else.');
    expect(sent()).toHaveLength(1);
    await user.type(screen.getByRole('textbox', { name: 'Why all the same' }), 'Flood');
    await user.click(screen.getByRole('button', { name: 'Issue 1 key' }));
    await waitFor(() => expect(done).toHaveBeenCalled());
    expect(sent()[1]?.variables).toMatchObject({ input: { overrideReason: 'Flood' } });
  });

  it('asks for the missing holder, in Latvian where that is chosen', async () => {
    const { user, sent } = setup({}, 'lv');
    await user.click(screen.getByRole('button', { name: 'Izsniegt 1 atslēgu' }));
    expect(screen.getByText('Izvēlieties, kas ņem atslēgu.')).toBeTruthy();
    expect(sent()).toHaveLength(0);
  });
});
