import { newId } from '@/lib/uuid';
import { DeskReturnDocument } from '../documents';
import { type Errand, type Kit, type Outcome, sequences, tried } from '../errand';
import { DeskAnnulDocument } from './documents';

export type Undoable = Extract<Outcome, { kind: 'issued' | 'returned' }>;

/** Takes the last movement back with a reason. Nothing is deleted: an issue is followed by a return, and a return is annulled by an entry that says why. */
export function undo(kit: Kit, last: Undoable): Errand {
  return {
    name: 'undo',
    asks: 'undo',
    words: true,
    enter: (reason) => (last.kind === 'issued' ? takeBack(kit, last, reason) : reopen(kit, last, reason)),
  };
}

async function takeBack(
  kit: Kit,
  last: Extract<Undoable, { kind: 'issued' }>,
  comment: string,
  idempotencyKey = newId(),
): Promise<void> {
  const input = { keys: last.keys.map(({ id }) => id), comment, idempotencyKey };
  const again = () => takeBack(kit, last, comment, idempotencyKey);
  const data = await tried(kit, DeskReturnDocument, { input }, again);
  const [key] = last.keys;
  if (!data || !key) return;
  kit.next(null);
  const number = last.keys.map((each) => each.number).join(', ');
  kit.say({
    kind: 'returned',
    key: { ...key, number },
    holder: last.holder,
    entries: sequences(data.returnKeys.entries),
  });
}

/** Annuls the return of each key; whoever does it again after a failure starts where it failed. */
async function reopen(
  kit: Kit,
  last: Extract<Undoable, { kind: 'returned' }>,
  reason: string,
  idempotencyKey = newId(),
): Promise<void> {
  const again = () => reopen(kit, last, reason, idempotencyKey);
  for (const entry of last.entries) {
    const input = { entry, void: true, reason, idempotencyKey: `${idempotencyKey}-${entry}` };
    if (!(await tried(kit, DeskAnnulDocument, { input }, again))) return;
  }
  kit.next(null);
  kit.say({ kind: 'done', what: 'reopened', number: last.key.number, name: last.holder?.name ?? '' });
}
