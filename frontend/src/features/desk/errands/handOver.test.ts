import { CombinedError } from '@urql/core';
import { expect, it } from 'vitest';
import type { Errand, Kit, Outcome } from '../errand';
import { handOver } from './handOver';

const zelma = { __typename: 'Person', id: 'p1', name: 'Zelma', badge: '90011', department: null };
const overdue = {
  __typename: 'Key',
  id: 'k1',
  number: '101',
  label: 'Meeting room',
  state: 'OVERDUE',
  loan: { id: 'l1', holder: { id: 'p2', name: 'Rūdolfs' }, handover: null },
};

const refusal = (field: string) =>
  new CombinedError({
    graphQLErrors: [
      { message: 'say when the receiver brings it back', extensions: { code: 'BAD_USER_INPUT', field } },
    ],
  });

/** A desk before a server that wants to know when a key comes back. */
function desk(now: string) {
  const offers: Record<string, unknown>[] = [];
  const seen: { errand: Errand | null; outcome: Outcome | null } = { errand: null, outcome: null };
  let last = Promise.resolve();
  const answer = (data: unknown, error?: CombinedError) => ({ toPromise: async () => ({ data, error }) });
  const client = {
    query: (_: unknown, { number }: { number: string }) => {
      const found = number === '101' ? { key: overdue } : { key: null };
      const badges = number === '90011' ? [zelma] : [];
      return answer({ ...found, inCapitals: null, personsByBadge: badges, people: { edges: [] } });
    },
    mutation: (_: unknown, { input }: { input: Record<string, unknown> }) => {
      if ('handover' in input) return answer({ acceptHandover: {} });
      offers.push(input);
      if (input.dueAt === undefined) return answer(undefined, refusal('dueAt'));
      return answer({ handOverKeys: { handovers: [{ id: 'h1' }], entries: [] } });
    },
  };
  const kit = {
    client,
    may: () => true,
    clock: { now: () => Date.parse(now), zone: 'Europe/Riga' },
    next: (errand: Errand | null) => {
      seen.errand = errand;
    },
    say: (outcome: Outcome | null) => {
      seen.outcome = outcome;
    },
    inTurn: (work: () => Promise<void>) => {
      last = last.then(work);
    },
    print: () => {},
  } as unknown as Kit;
  seen.errand = handOver(kit);
  return { seen, offers, settled: () => last, enter: (text: string) => seen.errand?.enter(text) };
}

async function askedWhen(now: string) {
  const it = desk(now);
  await it.enter('101');
  await it.enter('90011');
  expect(it.seen.errand?.asks).toBe('due');
  expect(it.seen.outcome).toBeNull();
  return it;
}

it('asks when an overdue key comes back, and goes on with the badge that was scanned', async () => {
  const { seen, offers, settled } = await askedWhen('2026-11-22T16:00:00Z');
  const commands = seen.errand?.commands ?? [];
  expect(commands.map(({ key, says }) => `${key} ${says}`)).toEqual([
    'F2 due.hour',
    'F6 due.tomorrow',
    'F8 due.week',
  ]);
  commands[1]?.run('');
  await settled();
  expect(offers.at(-1)).toMatchObject({ keys: ['k1'], to: 'p1', dueAt: '2026-11-23T15:00:00Z' });
  expect(offers.at(-1)?.idempotencyKey).not.toBe(offers[0]?.idempotencyKey);
  expect(seen.errand).toBeNull();
  expect(seen.outcome).toMatchObject({ kind: 'done', what: 'handedOver', name: 'Zelma', from: 'Rūdolfs' });
});

it('takes a time of day that is typed, and no badge for one', async () => {
  const { seen, offers, enter } = await askedWhen('2026-11-22T08:00:00Z');
  await enter('90011');
  expect(seen.outcome).toMatchObject({ kind: 'refused', why: 'noTime', typed: '90011' });
  expect(offers).toHaveLength(1);
  await enter('17:30');
  expect(offers.at(-1)).toMatchObject({ dueAt: '2026-11-22T15:30:00Z' });
  expect(seen.outcome).toMatchObject({ what: 'handedOver' });
});
