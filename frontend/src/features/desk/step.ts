import type { DeskKeyFragment, DeskPersonFragment } from '@/gql/graphql';

export type DeskKey = DeskKeyFragment;
export type DeskPerson = DeskPersonFragment;

/** What was typed or scanned so far for one movement: keys that wait for a holder, or a holder who waits for keys. */
export interface Pending {
  keys: DeskKey[];
  holder: DeskPerson | null;
}

export const nothing: Pending = { keys: [], holder: null };

/** What a number typed or scanned may mean. */
export interface Meaning {
  key: DeskKey | null;
  /** Whoever has it as a badge or employee number. */
  badges: DeskPerson[];
  /** Whoever is called so in part. */
  named: DeskPerson[];
}

/** Why nothing can be done with what was typed. */
export type Refusal =
  | 'unknown'
  | 'lost'
  | 'retired'
  | 'twice'
  | 'out'
  | 'tooMany'
  | 'noKey'
  | 'nobody'
  | 'notOut'
  | 'noTime'
  | 'lostAlready'
  | 'notLost'
  | 'noWords'
  | 'noPlace'
  | 'noApproval'
  | 'noSuchApproval'
  | 'noDifference';

/** What the desk does next. */
export type Step =
  | { do: 'issue'; keys: DeskKey[]; holder: DeskPerson }
  | { do: 'return'; key: DeskKey }
  | { do: 'wait'; pending: Pending }
  | { do: 'choose'; persons: DeskPerson[] }
  | { do: 'refuse'; why: Refusal };

const mostKeys = 100;

/** Whether what came is words, and not the number of a key or badge that was scanned meanwhile. */
export function isReason(text: string): boolean {
  const words = text.trim();
  return /\p{L}{2}/u.test(words) && !/^\S*\d\S*$/.test(words);
}

/**
 * Decides what a number means. A key that is out comes back at once. One that is in waits for its holder, to whom it
 * goes at once when his badge comes; further keys join it. A badge that comes first waits for keys in turn. Where a
 * number is both, it is the one that is waited for.
 */
export function nextStep(pending: Pending, meaning: Meaning): Step {
  const { key, badges, named } = meaning;
  if (pending.keys.length > 0) {
    if (badges.length === 1 && badges[0]) return { do: 'issue', keys: pending.keys, holder: badges[0] };
    if (badges.length === 0 && key) return joined(pending, key);
    return choice([...badges, ...named]);
  }
  if (key) return withKey(pending, key);
  if (badges.length === 1 && badges[0]) return { do: 'wait', pending: { keys: [], holder: badges[0] } };
  return choice([...badges, ...named]);
}

/** Goes on with the person who was chosen from several. */
export function chosen(pending: Pending, holder: DeskPerson): Step {
  if (pending.keys.length > 0) return { do: 'issue', keys: pending.keys, holder };
  return { do: 'wait', pending: { keys: [], holder } };
}

function withKey({ holder }: Pending, key: DeskKey): Step {
  switch (key.state) {
    case 'LOST':
      return { do: 'refuse', why: 'lost' };
    case 'RETIRED':
      return { do: 'refuse', why: 'retired' };
    case 'ISSUED':
    case 'OVERDUE':
      return { do: 'return', key };
    default:
      return holder
        ? { do: 'issue', keys: [key], holder }
        : { do: 'wait', pending: { keys: [key], holder: null } };
  }
}

function joined(pending: Pending, key: DeskKey): Step {
  if (pending.keys.some(({ id }) => id === key.id)) return { do: 'refuse', why: 'twice' };
  if (pending.keys.length === mostKeys) return { do: 'refuse', why: 'tooMany' };
  const step = withKey(nothing, key);
  if (step.do === 'return') return { do: 'refuse', why: 'out' };
  if (step.do !== 'wait') return step;
  return { do: 'wait', pending: { keys: [...pending.keys, key], holder: null } };
}

function choice(persons: DeskPerson[]): Step {
  if (persons.length === 0) return { do: 'refuse', why: 'unknown' };
  return { do: 'choose', persons: people(persons) };
}

/** Each person once. */
export function people(persons: DeskPerson[]): DeskPerson[] {
  return [...new Map(persons.map((person) => [person.id, person])).values()];
}
