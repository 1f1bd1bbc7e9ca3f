// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { Permission } from '@/gql/graphql';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { CorrectDialog } from './CorrectDialog';
import { DayView } from './DayView';
import { GridView } from './GridView';

const juris = { __typename: 'Person', id: 'p2', name: 'Juris Ozols', department: null };
const everybody = { person: null, department: null };
const noPage = { __typename: 'PageInfo', hasNextPage: false, endCursor: null };

const workDay = {
  __typename: 'WorkDay',
  person: juris,
  date: '2026-11-25',
  startsAt: '2026-11-24T22:00:00Z',
  endsAt: '2026-11-25T22:00:00Z',
  spans: [
    { from: '2026-11-25T07:00:00Z', to: '2026-11-25T08:00:00Z', estimated: false, corrected: false },
    { from: '2026-11-25T08:00:00Z', to: '2026-11-25T08:30:00Z', estimated: true, corrected: false },
  ].map((span) => ({ __typename: 'WorkSpan', ...span })),
  blocks: ['2026-11-25T07:00:00Z', '2026-11-25T07:40:00Z'],
  workingMinutes: 90,
  realHours: 2,
  estimatedMinutes: 30,
  unverified: true,
};

const days = (nodes: unknown[]) => () => ({
  data: {
    workDays: {
      __typename: 'WorkDayConnection',
      edges: nodes.map((node) => ({ __typename: 'WorkDayEdge', node })),
      pageInfo: noPage,
    },
  },
});

const shown = { day: '2026-11-25', filter: everybody, recording: true, narrow: () => {} };

it('a day says in words what the bars show, and offers to correct', async () => {
  const correct = vi.fn();
  const server = fakeServer({ WorkDays: days([workDay]) });
  const { user } = renderSignedIn(<DayView {...shown} correct={correct} />, server);
  const spans = await screen.findByRole('list', { name: 'Working times of Juris Ozols' });
  expect(
    within(spans)
      .getAllByRole('listitem')
      .map((item) => item.textContent),
  ).toEqual(['09:00 – 10:00 · Worked', '10:00 – 10:30 · Estimated: no report told the end']);
  expect(screen.getByText('2 real hours')).toBeDefined();
  expect(screen.getByText('Unverified')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Correct the hours of Juris Ozols' }));
  expect(correct).toHaveBeenCalledWith(expect.objectContaining({ id: 'p2' }));
});

it('a day without work says why it is empty', async () => {
  renderSignedIn(<DayView {...shown} />, fakeServer({ WorkDays: days([]) }));
  expect(await screen.findByText('Nobody worked')).toBeDefined();
});

const hours = (by: string, worked = { workingMinutes: 90, realHours: 2 }) => ({
  data: {
    workHours: [
      {
        __typename: 'WorkHours',
        person: juris,
        from: by === 'DAY' ? '2026-11-25' : '2026-11-23',
        ...worked,
        estimatedMinutes: 0,
        unverified: false,
        cursor: by,
      },
    ],
  },
});

it.each<[Permission[], number]>([
  [['WORK_VIEW', 'LOGS_WORK_VIEW'], 8],
  [['WORK_VIEW'], 1],
])('a week of whoever may %j has %i cells a person', async (permissions, cells) => {
  const server = fakeServer({ HoursGrid: ({ variables }) => hours(String(variables.by)) });
  renderSignedIn(<GridView view="week" {...shown} />, { ...server, permissions });
  const row = (await screen.findByText('Juris Ozols')).closest('[role="row"]') as HTMLElement;
  expect(within(row).getAllByRole('cell')).toHaveLength(cells);
  expect(within(row).getAllByText('1 h 30 min')).toHaveLength(Math.min(cells, 2));
  expect(server.asked.map(({ variables }) => variables.by).toSorted()).toEqual(
    cells === 8 ? ['DAY', 'WEEK'] : ['WEEK'],
  );
});

it('a real hour that began seconds before midnight is shown on its day, which has no whole minute', async () => {
  const server = fakeServer({
    HoursGrid: ({ variables }) => hours(String(variables.by), { workingMinutes: 0, realHours: 1 }),
  });
  renderSignedIn(<GridView view="week" {...shown} />, {
    ...server,
    permissions: ['WORK_VIEW', 'LOGS_WORK_VIEW'],
  });
  const row = (await screen.findByText('Juris Ozols')).closest('[role="row"]') as HTMLElement;
  expect(within(row).getAllByText('1 real hour')).toHaveLength(2);
});

it('a correction is sent with a reason only, in the display zone', async () => {
  const close = vi.fn();
  const server = fakeServer({ CorrectWorkHours: () => ({ data: { correctWorkHours: correction } }) });
  const { user } = renderSignedIn(<CorrectDialog worker={juris} day="2026-01-15" close={close} />, server);
  await user.click(await screen.findByRole('button', { name: 'Correct' }));
  expect(screen.getByText('Say why.')).toBeDefined();
  expect(server.asked).toEqual([]);
  await user.type(screen.getByLabelText('Reason'), 'At a customer');
  await user.click(screen.getByRole('button', { name: 'Correct' }));
  await waitFor(() => expect(close).toHaveBeenCalled());
  expect(server.asked[0]?.variables.input).toMatchObject({
    person: 'p2',
    from: '2026-01-15T07:00:00Z',
    to: '2026-01-15T15:00:00Z',
    working: true,
    reason: 'At a customer',
  });
});

const correction = { __typename: 'CorrectWorkHoursPayload', entry: null };
