// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { SourceFilter } from './SourceFilter';

it('filters by what was typed once typing rests, in the shape of a source, and by nothing when emptied', async () => {
  const change = vi.fn();
  const { user } = renderSignedIn(<SourceFilter value={undefined} change={change} />, fakeServer({}));
  const field = screen.getByLabelText('Sent by the program');
  await user.type(field, 'ERP ');
  await waitFor(() => expect(change).toHaveBeenCalledTimes(1));
  expect(change).toHaveBeenLastCalledWith('erp');
  await user.clear(field);
  await waitFor(() => expect(change).toHaveBeenLastCalledWith(undefined));
});
