// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import type { WallState } from './useWall';
import { Wall } from './Wall';

const movement = { action: 'key.issued', number: '101', holder: 'J.B.' };
const at = '2026-11-28T10:00:00Z';
const wall = {
  name: 'Lodge',
  at,
  out: 0,
  overdue: 0,
  groups: [],
  loans: [],
  today: { date: '2026-11-28', issued: 1, returned: 0, due: 0 },
  calendar: { timeZone: 'Europe/Riga', days: [] },
  movements: [
    { ...movement, id: '2', occurredAt: '2026-11-28T08:31:00Z' },
    { ...movement, id: '1', occurredAt: '2026-11-25T08:31:00Z' },
  ],
} as unknown as WallState;

it('tells of which day a movement is that is not of today', () => {
  renderSignedIn(<Wall wall={wall} arrivedAt={Date.parse(at)} now={Date.parse(at)} />, fakeServer({}));
  const times = screen
    .getAllByText('J.B.')
    .map((holder) => within(holder.closest('li') as HTMLElement).getByText(/10:31/).textContent);
  expect(times).toEqual(['10:31', expect.stringMatching(/^25 Nov/)]);
});
