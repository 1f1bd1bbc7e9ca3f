// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { EnrolDialog } from './EnrolDialog';

const tooLongAgo = {
  message: 'This needs your password.',
  extensions: { code: 'FORBIDDEN', required: 'confirmPassword' },
};
const begun = {
  __typename: 'EnrolTotpPayload',
  secret: 'JBSWY3DPEHPK3PXP',
  qrCode: 'data:image/png;base64,',
};

function setup() {
  let confirmed = false;
  const server = fakeServer({
    EnrolTotp: () => (confirmed ? { data: { enrolTotp: begun } } : { errors: [tooLongAgo] }),
    ConfirmPassword: () => {
      confirmed = true;
      const confirmedUntil = '2026-11-28T02:00:00Z';
      return { data: { confirmPassword: { __typename: 'ConfirmPasswordPayload', confirmedUntil } } };
    },
  });
  return renderSignedIn(<EnrolDialog opened close={() => {}} added={() => {}} />, server);
}

it('asks for the password where it was entered long ago, and goes on once it is given', async () => {
  const { user } = setup();
  await user.type(await screen.findByLabelText('Your password'), 'correct horse{Enter}');
  expect(await screen.findByRole('img')).toBeTruthy();
  expect(screen.queryByText(tooLongAgo.message)).toBeNull();
});

it('says what is missing where the password is not given', async () => {
  const { user } = setup();
  await screen.findByLabelText('Your password');
  const [, cancel] = screen.getAllByRole('button', { name: 'Cancel' });
  if (cancel) await user.click(cancel);
  expect(await screen.findByText(tooLongAgo.message)).toBeTruthy();
});
