import { newId } from '@/lib/uuid';
import { type Errand, type Kit, tried, withKey } from '../errand';
import type { DeskKey } from '../step';
import { DeskFoundDocument, DeskLostDocument } from './documents';

/** Reports a key lost: its number, and then how it came about, or Enter alone. */
export function reportLost(kit: Kit): Errand {
  return {
    name: 'lost',
    asks: 'lost',
    enter: (number) =>
      withKey(
        kit,
        number,
        ({ state }) => (state === 'LOST' ? 'lostAlready' : state === 'RETIRED' ? 'retired' : null),
        (key) => kit.next(circumstances(kit, key)),
      ),
  };
}

function circumstances(kit: Kit, key: DeskKey): Errand {
  return {
    name: 'lost',
    asks: 'circumstances',
    words: true,
    blank: true,
    shown: { kind: 'key', key },
    enter: (comment) => lose(kit, key, comment),
  };
}

async function lose(kit: Kit, key: DeskKey, comment: string, idempotencyKey = newId()): Promise<void> {
  const input = { key: key.id, comment: comment || null, idempotencyKey };
  const again = () => lose(kit, key, comment, idempotencyKey);
  if (!(await tried(kit, DeskLostDocument, { input }, again))) return;
  kit.next(null);
  kit.say({ kind: 'done', what: 'lost', number: key.number, name: key.label });
}

/** Reports a key found that was lost. */
export function reportFound(kit: Kit): Errand {
  return {
    name: 'found',
    asks: 'found',
    enter: (number) =>
      withKey(
        kit,
        number,
        ({ state }) => (state === 'LOST' ? null : 'notLost'),
        (key) => find(kit, key),
      ),
  };
}

async function find(kit: Kit, key: DeskKey, idempotencyKey = newId()): Promise<void> {
  const input = { key: key.id, idempotencyKey };
  if (!(await tried(kit, DeskFoundDocument, { input }, () => find(kit, key, idempotencyKey)))) return;
  kit.next(null);
  kit.say({ kind: 'done', what: 'found', number: key.number, name: key.label });
}
