import { AcceptHandoverDocument } from '@/components/handover/handover';
import { failureOf, mayOverride } from '@/lib/graphql/failure';
import { type DuePresetName, duePresets, nextTimeOfDay } from '@/lib/time/due';
import { newId } from '@/lib/uuid';
import {
  type Errand,
  type FunctionKey,
  failed,
  type Kit,
  meaningOf,
  type Named,
  tried,
  withKey,
} from '../errand';
import { type DeskKey, type DeskPerson, people } from '../step';
import { DeskHandOverDocument } from './documents';

/** An offer that waits for its receiver. */
interface Offer {
  id: string;
  key: DeskKey;
  from: string;
  /** Null where his name is not shown before he accepts. */
  to: string | null;
}

/** Gives a key that is out to its next holder, whose badge accepts it. One that was offered already waits for that badge. */
export function handOver(kit: Kit): Errand {
  return {
    name: 'handOver',
    asks: 'handOver',
    enter: (number) =>
      withKey(
        kit,
        number,
        ({ loan }) => (loan ? null : 'notOut'),
        (key) =>
          kit.next(key.loan?.handover ? accept(kit, offered(key, key.loan.handover)) : receiver(kit, key)),
      ),
  };
}

const offered = (key: DeskKey, handover: { id: string; to?: Named | null }): Offer => ({
  id: handover.id,
  key,
  from: key.loan?.holder.name ?? '',
  to: handover.to?.name ?? null,
});

/** Asks who receives the key: a badge names him and accepts in his name, a name has to be chosen and the badge comes after it. */
function receiver(kit: Kit, key: DeskKey, choices: DeskPerson[] = []): Errand {
  return {
    name: 'handOver',
    asks: 'receiver',
    shown: { kind: 'key', key },
    choices,
    choose: (person) => kit.inTurn(() => offer(kit, key, person, null)),
    enter: async (text) => {
      const again = () => receiver(kit, key).enter(text);
      const meaning = await meaningOf(kit, text, again);
      if (!meaning) return;
      const [person, ...others] = meaning.badges;
      if (person && others.length === 0) return offer(kit, key, person, text);
      const fit = people([...meaning.badges, ...meaning.named]);
      kit.say(fit.length === 0 ? { kind: 'refused', why: 'nobody', typed: text } : null);
      kit.next(receiver(kit, key, fit));
    },
  };
}

interface Terms {
  /** RFC 3339 in UTC; undefined leaves it as it is. */
  dueAt?: string;
  overrideReason?: string;
}

async function offer(
  kit: Kit,
  key: DeskKey,
  to: DeskPerson,
  badge: string | null,
  terms: Terms = {},
  idempotencyKey = newId(),
): Promise<void> {
  const input = { keys: [key.id], to: to.id, idempotencyKey, ...terms };
  const { data, error } = await kit.client.mutation(DeskHandOverDocument, { input }).toPromise();
  if (error) {
    const failure = failureOf(error);
    if (failure.field === 'dueAt' && terms.dueAt === undefined) {
      kit.say(null);
      return kit.next(due(kit, key, to, badge));
    }
    if (!mayOverride(failure))
      return failed(kit, failure, () => offer(kit, key, to, badge, terms, idempotencyKey));
    const override = (overrideReason: string) =>
      kit.inTurn(() => offer(kit, key, to, badge, { ...terms, overrideReason }, idempotencyKey));
    return kit.say({ kind: 'blocked', keys: [key], holder: to, failure, override });
  }
  const made = data?.handOverKeys.handovers[0];
  if (!made) return;
  const waiting: Offer = { id: made.id, key, from: key.loan?.holder.name ?? '', to: to.name };
  kit.next(accept(kit, waiting));
  if (badge !== null) return confirm(kit, waiting, badge);
  kit.say({ kind: 'done', what: 'offered', number: key.number, name: to.name });
}

const keyOf: Record<DuePresetName, FunctionKey> = { hour: 'F2', today: 'F4', tomorrow: 'F6', week: 'F8' };

/** Asks when the receiver brings a key back that is overdue: a function key says it, or a time of day that is typed. */
function due(kit: Kit, key: DeskKey, to: DeskPerson, badge: string | null): Errand {
  return {
    name: 'handOver',
    asks: 'due',
    shown: { kind: 'handover', key, to: to.name },
    commands: duePresets(kit.clock.now(), kit.clock.zone).map(({ name, at }) => ({
      key: keyOf[name],
      says: `due.${name}`,
      run: () => kit.inTurn(() => offer(kit, key, to, badge, { dueAt: at })),
    })),
    enter: async (typed) => {
      const dueAt = nextTimeOfDay(typed, kit.clock.now(), kit.clock.zone);
      if (dueAt === null) return kit.say({ kind: 'refused', why: 'noTime', typed });
      return offer(kit, key, to, badge, { dueAt });
    },
  };
}

function accept(kit: Kit, waiting: Offer): Errand {
  return {
    name: 'handOver',
    asks: 'accept',
    shown: { kind: 'handover', key: waiting.key, to: waiting.to },
    enter: (badge) => confirm(kit, waiting, badge),
  };
}

/** Accepts in the receiver's name, who is there with his badge. */
async function confirm(kit: Kit, waiting: Offer, badge: string, idempotencyKey = newId()): Promise<void> {
  const input = { handover: waiting.id, accept: true, badge, idempotencyKey };
  const again = () => confirm(kit, waiting, badge, idempotencyKey);
  const data = await tried(kit, AcceptHandoverDocument, { input }, again);
  if (!data) return;
  kit.next(null);
  const { key, from, to } = waiting;
  kit.say({ kind: 'done', what: 'handedOver', number: key.number, name: to ?? badge, from });
}
