// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { makeFragmentData } from '@/gql';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { SignIn, SignInServerFragment } from './SignIn';

function setup(answer: { data?: unknown; errors?: unknown[] }) {
  const server = fakeServer({ SignIn: () => answer });
  const signedIn = vi.fn();
  const sampleAccounts = [{ username: 'admin', password: 'keytrail-sample', role: 'admin' }];
  const view = renderSignedIn(
    <SignIn
      server={makeFragmentData({ sample: true, sampleAccounts }, SignInServerFragment)}
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
