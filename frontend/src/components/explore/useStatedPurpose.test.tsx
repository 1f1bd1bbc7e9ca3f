// @vitest-environment jsdom
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  RouterProvider,
} from '@tanstack/react-router';
import { act, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { Purpose } from './Purpose';
import { useStatedPurpose } from './useStatedPurpose';

function Looking({ name, to }: { name: string; to: string }) {
  const { text, state } = useStatedPurpose();
  return (
    <>
      <p>
        {name}: {text || 'not stated'}
      </p>
      <Purpose stated={text} state={state} />
      <Link to={to} state={true}>
        on
      </Link>
    </>
  );
}

beforeEach(() => {
  vi.spyOn(window, 'scrollTo').mockImplementation(() => {});
});

/** Two pages about the same entries, with a link from each to the other. */
function pages(state: object = {}) {
  const root = createRootRoute();
  const page = (path: string, name: string, to: string) =>
    createRoute({
      getParentRoute: () => root,
      path,
      component: () => <Looking name={name} to={to} />,
    });
  const history = createMemoryHistory({ initialEntries: ['/entries'] });
  history.replace('/entries', state);
  const router = createRouter({
    routeTree: root.addChildren([
      page('/entries', 'entries', '/figures'),
      page('/figures', 'figures', '/entries'),
    ]),
    history,
  });
  const { user } = renderSignedIn(<RouterProvider router={router as never} />, fakeServer({}));
  return { user, history };
}

it('goes along to the other page and back, and stands in no address', async () => {
  const { user, history } = pages();
  await screen.findByText('entries: not stated');
  await user.type(screen.getByRole('textbox'), 'Checking pay{Enter}');
  await screen.findByText('entries: Checking pay');
  await user.click(screen.getByRole('link', { name: 'on' }));
  await screen.findByText('figures: Checking pay');
  expect((screen.getByRole('textbox') as HTMLInputElement).value).toBe('Checking pay');
  expect(history.location.href).toBe('/figures');
  act(() => history.back());
  await screen.findByText('entries: Checking pay');
});

it('is not taken from somebody else who used this browser before', async () => {
  pages({ purpose: { text: 'Checking pay', by: 'p2' } });
  await screen.findByText('entries: not stated');
});
