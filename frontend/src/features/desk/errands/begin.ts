import type { ErrandName, Kit } from '../errand';
import { startApproving } from './approve';
import { count } from './count';
import { handOver } from './handOver';
import { reportFound, reportLost } from './loss';
import { receipt } from './receipt';
import { type Undoable, undo } from './undo';

/** Begins what a function key stands for; `last` is what can be taken back. */
export async function begin(kit: Kit, name: ErrandName, last: Undoable | null): Promise<void> {
  switch (name) {
    case 'handOver':
      return kit.next(handOver(kit));
    case 'lost':
      return kit.next(reportLost(kit));
    case 'found':
      return kit.next(reportFound(kit));
    case 'undo':
      return last ? kit.next(undo(kit, last)) : undefined;
    case 'approve':
      return startApproving(kit);
    case 'count':
      return kit.next(count(kit));
    case 'receipt':
      return kit.next(receipt(kit));
  }
}
