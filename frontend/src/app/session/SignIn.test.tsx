// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { makeFragmentData } from '@/gql';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { SignIn, SignInServerFragment } from './SignIn';

const provider = { label: 'Example Org', startPath: '/auth/oidc/start' };

function setup(
  answer: { data?: unknown; errors?: unknown[] },
  signInProvider: typeof provider | null = null,
) {
  const server = fakeServer({ SignIn: () => answer });
  const signedIn = vi.fn();
  const sampleAccounts = [{ username: 'admin', password: 'keytrail-sample', role: 'admin' }];
  const view = renderSignedIn(
    <SignIn
      server={makeFragmentData({ sample: true, sampleAccounts, signInProvider }, SignInServerFragment)}
      absence="first"
      signedIn={signedIn}
    />,
    server,
  );
  return { ...view, ...server, signedIn };
}

it('a sample account fills in the form, and Enter signs in', async () => {
  const { user, asked, signedIn } = setup({
    data: { signIn: { __typename: 'SignInPayload', secondFactorRequired: false, viewer: null } },
  });
  await user.click(screen.getByRole('button', { name: /admin/ }));
  await user.keyboard('{Enter}');
  await waitFor(() => expect(signedIn).toHaveBeenCalled());
  expect(asked[0]?.variables).toMatchObject({ input: { username: 'admin', password: 'keytrail-sample' } });
});

it('a wrong password is told as such, not as an ended session', async () => {
  const { user, signedIn } = setup({
    errors: [{ message: 'No.', extensions: { code: 'UNAUTHENTICATED' } }],
  });
  await user.type(screen.getByLabelText('User name'), 'admin');
  await user.type(screen.getByLabelText('Password'), 'wrong{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('Name or password is wrong');
  expect(signedIn).not.toHaveBeenCalled();
});

it('a second factor is asked for when the server wants one', async () => {
  const { user } = setup({
    data: { signIn: { __typename: 'SignInPayload', secondFactorRequired: true, viewer: null } },
  });
  await user.type(screen.getByLabelText('User name'), 'admin');
  await user.type(screen.getByLabelText('Password'), 'right{Enter}');
  expect(await screen.findByLabelText(/Code of the second factor/)).toBeTruthy();
});

it('a wrong code is told at the code, and leaves name and password', async () => {
  let answers = 0;
  const server = fakeServer({
    SignIn: () =>
      answers++ === 0
        ? { data: { signIn: { __typename: 'SignInPayload', secondFactorRequired: true, viewer: null } } }
        : { errors: [{ message: 'No.', extensions: { code: 'BAD_USER_INPUT', field: 'code' } }] },
  });
  const { user } = renderSignedIn(
    <SignIn
      server={makeFragmentData(
        { sample: false, sampleAccounts: [], signInProvider: null },
        SignInServerFragment,
      )}
      absence="first"
      signedIn={vi.fn()}
    />,
    server,
  );
  await user.type(screen.getByLabelText('User name'), 'admin');
  await user.type(screen.getByLabelText('Password'), 'right{Enter}');
  await user.type(await screen.findByLabelText('Code of the second factor'), '123456{Enter}');
  expect(await screen.findByText(/This code is wrong/)).toBeTruthy();
  expect(server.asked[1]?.variables).toMatchObject({
    input: { username: 'admin', password: 'right', code: '123456' },
  });
});

it('a provider is offered, and leads back to the page that was asked for', () => {
  setup({}, provider);
  const button = screen.getByRole('link', { name: 'Sign in with Example Org' });
  expect(button.getAttribute('href')).toBe('/auth/oidc/start?return=%2F');
});
