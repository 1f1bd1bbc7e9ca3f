// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { failureOfWire } from '@/lib/graphql/failure';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { FailureNotice } from './FailureNotice';

it.each([
  ['FORBIDDEN', 0],
  ['INTERNAL', 1],
  ['UNAVAILABLE', 1],
])('%s: offers %i ways to try again', (code, ways) => {
  const failure = failureOfWire({ message: 'No.', extensions: { code } });
  renderSignedIn(<FailureNotice failure={failure} retry={() => {}} />, fakeServer({}));
  screen.getByRole('alert');
  expect(screen.queryAllByRole('button', { name: 'Try again' })).toHaveLength(ways);
});
