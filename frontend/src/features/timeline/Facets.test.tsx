// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, it } from 'vitest';
import { fakeServer, renderSignedIn } from '@/testing/render';
import { Facets } from './Facets';
import { Histogram } from './Histogram';

const counts = (total: number) => ({
  __typename: 'LogCounts',
  total,
  truncated: false,
  counts: [{ __typename: 'LogCount', key: '2026-11-28', at: null, total, title: null, person: null }],
});

const actions = (total: number) => ({
  ...counts(total),
  counts: [
    { __typename: 'LogCount', key: 'ticket.opened', at: null, total, title: 'Ticket opened', person: null },
  ],
});

function Counted() {
  const [counted, setCounted] = useState(0);
  return (
    <>
      <button type="button" onClick={() => setCounted(counted + 1)}>
        arrived
      </button>
      <Facets filter={{}} search={{}} choose={() => {}} counted={counted} />
      <Histogram
        filter={{}}
        window={{ from: '2026-11-01', to: '2026-11-28' }}
        timeZone="UTC"
        choose={() => {}}
        counted={counted}
      />
    </>
  );
}

it('is counted again when entries have arrived, facets and bars alike', async () => {
  let total = 7;
  const { user } = renderSignedIn(
    <Counted />,
    fakeServer({
      TimelineFacets: () => ({
        data: { actor: counts(total), action: actions(total), module: counts(total), outcome: counts(total) },
      }),
      TimelineHistogram: () => ({ data: { logCounts: counts(total) } }),
    }),
  );
  await screen.findByText(/^7 entries from /);
  total = 8;
  await user.click(screen.getByRole('button', { name: 'arrived' }));
  await screen.findByText(/^8 entries from /);
  await screen.findByRole('button', { name: /^Ticket opened\s*8$/ });
  expect(screen.getAllByRole('button', { name: /8$/ }).length).toBeGreaterThan(1);
});
