import { expect, it } from 'vitest';
import type { Permission } from '@/gql/graphql';
import { commands, undoable } from './commands';
import type { ErrandName, Outcome } from './errand';

const anna = { id: 'p1', name: 'Anna' };
const key = { id: 'k1', number: '101', label: 'Meeting room', state: 'AVAILABLE' as const, loan: null };
const issued: Outcome = { kind: 'issued', keys: [key], holder: anna, dueAt: null, loans: ['l1'] };
const returned: Outcome = { kind: 'returned', key, holder: anna, entries: ['7'] };

const offered = (outcome: Outcome | null, ...permissions: Permission[]) =>
  commands(
    outcome,
    (permission) => permissions.includes(permission),
    () => {},
  ).map((command) => `${command.key} ${command.says}`);

it('offers what the caller may do, each by a key of its own that no scanner types', () => {
  const all = offered(issued, 'KEYS_APPROVE', 'PEOPLE_VIEW');
  expect(all).toHaveLength(7);
  expect(new Set(all.map((each) => each.split(' ')[0])).size).toBe(7);
  for (const each of all) expect(each).toMatch(/^F\d+ desk\.commands\./);
  expect(offered(null)).toEqual([
    'F4 desk.commands.lost',
    'F6 desk.commands.found',
    'F9 desk.commands.count',
    'F10 desk.commands.receipt',
  ]);
});

it.each<[string, Outcome | null, boolean]>([
  ['an issue', issued, true],
  ['a return', returned, true],
  ['a return whose holder is not shown', { ...returned, holder: null }, false],
  ['a refusal', { kind: 'refused', why: 'unknown', typed: 'x' }, false],
  ['nothing', null, false],
])('%s can be undone: %s', (_, outcome, can) => {
  expect(undoable(outcome)).toBe(can);
});

it('begins what was chosen', () => {
  const begun: ErrandName[] = [];
  for (const command of commands(
    returned,
    () => true,
    (name) => begun.push(name),
  ))
    command.run('');
  expect(begun).toEqual(['handOver', 'lost', 'found', 'undo', 'approve', 'count', 'receipt']);
});
