import type { Permission } from '@/gql/graphql';
import type { KeyRow } from './keyRow';

/** What can be done with a key beside issuing it and taking it back, in the menu's order. */
export type LoanAction = 'extend' | 'handOver' | 'lost' | 'found';

interface Caller {
  person: { id: string };
  permissions: ReadonlySet<Permission>;
}

/** What the caller can do with the key now. The server decides; this leaves out what can only be refused. */
export function loanActions(key: Pick<KeyRow, 'state' | 'loan'>, caller: Caller): LoanAction[] {
  const mayIssue = caller.permissions.has('KEYS_ISSUE');
  const holds = key.loan?.holder.id === caller.person.id;
  const may: Record<LoanAction, boolean> = {
    extend: mayIssue && Boolean(key.loan?.dueAt),
    handOver:
      key.loan !== null &&
      key.loan !== undefined &&
      (mayIssue || holds) &&
      caller.permissions.has('PEOPLE_VIEW'),
    lost: (mayIssue || holds) && key.state !== 'LOST' && key.state !== 'RETIRED',
    found: mayIssue && key.state === 'LOST',
  };
  return (Object.keys(may) as LoanAction[]).filter((action) => may[action]);
}
