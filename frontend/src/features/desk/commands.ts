import type { Permission } from '@/gql/graphql';
import type { Command, ErrandName, FunctionKey, Outcome } from './errand';

/** The function keys of the desk, in the order of the keyboard. */
const keys: [FunctionKey, ErrandName][] = [
  ['F2', 'handOver'],
  ['F4', 'lost'],
  ['F6', 'found'],
  ['F7', 'undo'],
  ['F8', 'approve'],
  ['F9', 'count'],
  ['F10', 'receipt'],
];

/** Whether the last thing that happened can be taken back. */
export function undoable(
  outcome: Outcome | null,
): outcome is Extract<Outcome, { kind: 'issued' | 'returned' }> {
  if (outcome?.kind === 'issued') return true;
  return outcome?.kind === 'returned' && outcome.holder !== null && outcome.entries.length > 0;
}

/** What can be begun now, beside issuing and taking back. */
export function commands(
  outcome: Outcome | null,
  may: (permission: Permission) => boolean,
  begin: (name: ErrandName) => void,
): Command[] {
  const offered: Partial<Record<ErrandName, boolean>> = {
    undo: undoable(outcome),
    approve: may('KEYS_APPROVE'),
    handOver: may('PEOPLE_VIEW'),
  };
  return keys
    .filter(([, name]) => offered[name] ?? true)
    .map(([key, name]) => ({ key, says: `desk.commands.${name}`, run: () => begin(name) }));
}
