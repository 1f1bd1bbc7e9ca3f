// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { type Asked, fakeServer, renderSignedIn } from '@/testing/render';
import { PersonActions } from './PersonActions';

const person = (id: string, name: string, details: Record<string, unknown> = {}) => ({
  __typename: 'Person',
  id,
  name,
  employeeNumber: null,
  badge: null,
  company: null,
  email: null,
  phone: null,
  validUntil: null,
  language: 'lv',
  version: 3,
  department: null,
  externalNames: [],
  openLoans: [],
  ...details,
});
const windows = { __typename: 'ExternalName', source: 'windows', name: 'F\\anna' };
const people: Record<string, ReturnType<typeof person>> = {
  anna: person('anna', 'Anna Kalniņa', { badge: 'B-1', externalNames: [windows] }),
  twin: person('twin', 'Anna Kalnina', {
    badge: 'B-2',
    email: 'anna@example.org',
    openLoans: [{ __typename: 'Loan', id: 'l1' }],
  }),
};

function setup(answers: Parameters<typeof fakeServer>[0] = {}, language: 'en' | 'lv' = 'en') {
  const server = fakeServer({
    PersonDetails: ({ variables }) => ({ data: { person: people[String(variables.id)] ?? null } }),
    Departments: () => ({ data: { departments: [] } }),
    Holders: () => ({
      data: {
        people: {
          __typename: 'PersonConnection',
          edges: Object.values(people).map((node) => ({ __typename: 'PersonEdge', node })),
        },
      },
    }),
    ...answers,
  });
  const view = renderSignedIn(<PersonActions id="anna" name="Anna Kalniņa" />, { ...server, language });
  const sent = (operation: string) =>
    server.asked.filter(({ operationName }: Asked) => operationName === operation);
  const open = async (item: string) => {
    await view.user.click(screen.getByRole('button', { name: /Anna Kalniņa/ }));
    await view.user.click(await screen.findByRole('menuitem', { name: item }));
  };
  return { ...view, sent, open };
}

describe('changing a person', () => {
  it('sends every field, external names included, with the version that was read', async () => {
    const { user, sent, open } = setup({
      UpdatePerson: () => ({
        data: { updatePerson: { __typename: 'UpdatePersonPayload', person: people.anna } },
      }),
    });
    await open('Change details');
    await user.type(await screen.findByLabelText('E-mail'), 'anna@example.org');
    await user.clear(screen.getByLabelText('Badge'));
    await user.click(screen.getByRole('button', { name: 'Add a name' }));
    await user.type(screen.getByLabelText('Program of name 2'), 'ERP');
    await user.type(screen.getByLabelText('Name 2 in that program'), 'u-17');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(sent('UpdatePerson')[0]?.variables.input).toMatchObject({
      id: 'anna',
      version: 3,
      name: 'Anna Kalniņa',
      badge: null,
      email: 'anna@example.org',
      externalNames: [
        { source: 'windows', name: 'F\\anna' },
        { source: 'erp', name: 'u-17' },
      ],
    });
  });

  it('says at the external names what is wrong with one', async () => {
    const { user, open } = setup({
      UpdatePerson: () => ({
        errors: [
          {
            message: 'Another person is known to windows as F\\anna.',
            extensions: { code: 'CONFLICT', field: 'externalNames' },
          },
        ],
      }),
    });
    await open('Change details');
    await user.click(await screen.findByRole('button', { name: 'Save' }));
    const names = screen.getByRole('group', { name: 'External names' });
    expect((await within(names).findByRole('alert')).textContent).toContain('Another person is known');
  });
});

describe('merging a person', () => {
  it('shows what will happen before anything does, either way round', async () => {
    const { user, sent, open } = setup({
      MergePersons: () => ({
        data: { mergePersons: { __typename: 'MergePersonsPayload', person: people.anna } },
      }),
    });
    await open('Merge with…');
    await user.click(await screen.findByRole('combobox', { name: 'The other entry of the same person' }));
    await user.click(await screen.findByRole('option', { name: /Anna Kalnina/ }));
    const preview = await screen.findByRole('region', { name: 'What will happen' });
    expect(preview.textContent).toContain('anna@example.orgtaken over from the other entry');
    expect(preview.textContent).toContain('the other entry’s B-2 is dropped');
    expect(preview.textContent).toContain('1 key that is out now counts as held by Anna Kalniņa');
    await user.click(screen.getByRole('button', { name: 'Merge' }));
    expect(screen.getByText('Say how it is known; it is put on record.')).toBeTruthy();
    expect(sent('MergePersons')).toHaveLength(0);

    await user.click(screen.getByRole('radio', { name: 'Anna Kalnina · B-2' }));
    expect(screen.getByRole('heading', { name: 'Anna Kalnina afterwards' })).toBeTruthy();
    await user.type(screen.getByLabelText('How is it known that both are one person?'), 'Same photo');
    await user.click(screen.getByRole('button', { name: 'Merge' }));
    await waitFor(() => expect(sent('MergePersons')).toHaveLength(1));
    expect(sent('MergePersons')[0]?.variables.input).toMatchObject({
      from: 'anna',
      into: 'twin',
      reason: 'Same photo',
    });
  });

  it('asks for the other entry, in Latvian where that is chosen', async () => {
    const { user, open } = setup({}, 'lv');
    await open('Apvienot ar…');
    await user.click(await screen.findByRole('button', { name: 'Apvienot' }));
    expect(screen.getByText('Izvēlieties otru ierakstu.')).toBeTruthy();
  });
});
