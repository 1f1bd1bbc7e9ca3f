// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { LookedFor } from './LookedFor';

const filter = { action: 'key.issued', person: 'p7', outcome: 'denied', ip: '192.0.2.7' };
const server = () =>
  fakeServer({
    PersonName: ({ variables }) => ({
      data: { person: { __typename: 'Person', id: variables.id, name: 'Jānis Bērziņš' } },
    }),
  });

it('names what was looked for in words, and the person by name', async () => {
  const { container } = renderSignedIn(<LookedFor filter={filter} />, {
    fetch: server().fetch,
    permissions: ['PEOPLE_VIEW'],
    language: 'lv',
  });
  await screen.findByText(/Jānis Bērziņš/);
  expect(container.textContent).not.toMatch(/key\.issued|person|outcome|denied|action/);
  expect(container.textContent).toContain('Adrese: 192.0.2.7');
});

it('asks for no name where people are not for the reader to see', () => {
  const { asked, fetch } = server();
  renderSignedIn(<LookedFor filter={filter} />, { fetch });
  screen.getByText('Person: p7');
  expect(asked).toEqual([]);
});
