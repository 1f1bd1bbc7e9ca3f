// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { EntryChoice } from './EntryChoice';

it('says that a number is wanted where none was given, and verifies the one that is', async () => {
  const verify = vi.fn();
  const { user } = renderSignedIn(<EntryChoice seq={null} size="40" verify={verify} />, fakeServer({}));
  const field = screen.getByLabelText('Entry number');
  await user.clear(field);
  await user.keyboard('{Enter}');
  screen.getByText('Give the number of an entry.');
  expect(verify).not.toHaveBeenCalled();
  await user.type(field, '7{Enter}');
  expect(screen.queryByText('Give the number of an entry.')).toBeNull();
  expect(verify).toHaveBeenCalledWith('7');
});
