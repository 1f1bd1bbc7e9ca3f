import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { AnyVariables, Client } from 'urql';
import { MovementFragment } from '@/components/movement/movement';
import { type FragmentType, unmask } from '@/gql';
import type { ApprovalLiveFragment, DeskDifferenceFragment, Permission } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import type { DuePresetName } from '@/lib/time/due';
import { DeskKeyFragment, DeskLookupDocument, DeskPersonFragment } from './documents';
import type { DeskKey, DeskPerson, Meaning, Refusal } from './step';

export interface Named {
  id: string;
  name: string;
}

/** What was done or could not be done last. */
export type Outcome =
  | { kind: 'issued'; keys: DeskKey[]; holder: Named; dueAt: string | null; loans: string[] }
  /** `entries` are the sequence numbers under which it is on record. */
  | { kind: 'returned'; key: DeskKey; holder: Named | null; entries: string[] }
  | { kind: 'refused'; why: Refusal; typed: string }
  | { kind: 'requested'; keys: DeskKey[]; holder: Named }
  | { kind: 'blocked'; keys: DeskKey[]; holder: Named; failure: Failure; override(reason: string): void }
  | { kind: 'failed'; failure: Failure; again(): void }
  | { kind: 'done'; what: Done; number: string; name: string; from?: string }
  | { kind: 'receipt'; loan: string; number: string; name: string }
  | { kind: 'counted'; inventory: string; place: string; found: number; expected: number; open: number };

/** What was done beside issuing and taking back. */
export type Done = 'offered' | 'handedOver' | 'lost' | 'found' | 'approved' | 'turnedDown' | 'reopened';

/** Function keys that browsers leave alone or give up; a scanner types none of them. */
export type FunctionKey = 'F2' | 'F4' | 'F6' | 'F7' | 'F8' | 'F9' | 'F10';

export type ErrandName = 'handOver' | 'lost' | 'found' | 'undo' | 'approve' | 'count' | 'receipt';

/** What a function key does now; it takes what stands in the field. */
export interface Command {
  key: FunctionKey;
  says:
    | `desk.commands.${ErrandName | 'refuse'}`
    | `due.${DuePresetName}`
    | `inventory.resolve.${'RETURNED' | 'LOST' | 'FOUND' | 'MOVED_HERE' | 'IGNORED'}`;
  run(text: string): void;
}

/** What an errand shows of what it is about. */
export type Shown =
  | { kind: 'key'; key: DeskKey }
  | { kind: 'handover'; key: DeskKey; to: string | null }
  | {
      kind: 'approvals';
      approvals: readonly ApprovalLiveFragment[];
      pick(approval: ApprovalLiveFragment): void;
    }
  | { kind: 'approval'; approval: ApprovalLiveFragment }
  | {
      kind: 'counting';
      place: string;
      numbers: readonly string[];
      said: 'added' | 'twice' | 'full' | 'nothing';
    }
  | { kind: 'differences'; place: string; open: readonly DeskDifferenceFragment[] };

/** One step of something beside issuing and taking back: what the field asks for, and what is done with the answer. */
export interface Errand {
  name: ErrandName;
  asks:
    | 'handOver'
    | 'receiver'
    | 'due'
    | 'accept'
    | 'lost'
    | 'circumstances'
    | 'found'
    | 'undo'
    | 'approval'
    | 'decision'
    | 'place'
    | 'count'
    | 'difference'
    | 'receipt';
  /** Words are wanted, and a number that was scanned meanwhile is none. */
  words?: boolean;
  /** Enter alone is an answer. */
  blank?: boolean;
  shown?: Shown;
  commands?: readonly Command[];
  choices?: DeskPerson[];
  choose?(person: DeskPerson): void;
  enter(text: string): Promise<void>;
}

/** What errands are carried out with. */
export interface Kit {
  client: Client;
  may(permission: Permission): boolean;
  /** The server's time now, in milliseconds, and the zone in which times are typed and shown. */
  clock: { now(): number; zone: string };
  /** Goes on with a step, or back to issuing and taking back. */
  next(errand: Errand | null): void;
  say(outcome: Outcome | null): void;
  /** Does something once everything before it is done. */
  inTurn(work: () => Promise<void>): void;
  /** Opens what is to be printed. */
  print(loan: string): void;
}

/** Sends a mutation, or says why it failed and offers to do the very same once more. */
export async function tried<Data, Variables extends AnyVariables>(
  kit: Kit,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  again: () => Promise<void>,
): Promise<Data | null> {
  const { data, error } = await kit.client.mutation(document, variables).toPromise();
  if (error) failed(kit, failureOf(error), again);
  return error ? null : (data ?? null);
}

/** Says what failed, and offers to do it once more. */
export function failed(kit: Kit, failure: Failure, work: () => Promise<void>): void {
  kit.say({ kind: 'failed', failure, again: () => kit.inTurn(work) });
}

/** What a number typed or scanned may mean; null when that cannot be found out now, which is said. */
export async function meaningOf(
  kit: Kit,
  number: string,
  work: () => Promise<void>,
): Promise<Meaning | null> {
  const { data, error } = await kit.client
    .query(DeskLookupDocument, { number, capitals: number.toUpperCase() }, { requestPolicy: 'network-only' })
    .toPromise();
  if (error) failed(kit, failureOf(error), work);
  if (error || !data) return null;
  const key = data.key ?? data.inCapitals;
  return {
    key: key ? unmask(DeskKeyFragment, key) : null,
    badges: data.personsByBadge.map((person) => unmask(DeskPersonFragment, person)),
    named: data.people.edges.map(({ node }) => unmask(DeskPersonFragment, node)),
  };
}

/** Finds the key of an errand and goes on with it, unless there is none or something speaks against it. */
export async function withKey(
  kit: Kit,
  number: string,
  against: (key: DeskKey) => Refusal | null,
  work: (key: DeskKey) => Promise<void> | void,
): Promise<void> {
  const meaning = await meaningOf(kit, number, () => withKey(kit, number, against, work));
  if (!meaning) return;
  const why = meaning.key ? against(meaning.key) : 'noKey';
  if (why !== null || !meaning.key) return kit.say({ kind: 'refused', why: why ?? 'noKey', typed: number });
  kit.say(null);
  return work(meaning.key);
}

/** The keys that were asked for, and behind them those that came along on a ring. */
export function moved(
  keys: readonly DeskKey[],
  entries: readonly FragmentType<typeof MovementFragment>[],
): DeskKey[] {
  const all = new Map(keys.map((key) => [key.id, key]));
  for (const { key } of entries.map((entry) => unmask(MovementFragment, entry)))
    if (key && !all.has(key.id))
      all.set(key.id, { id: key.id, number: key.number, label: key.label, state: 'AVAILABLE', loan: null });
  return [...all.values()];
}

/** Numbers of keys in a row. */
export const numbersOf = (keys: readonly DeskKey[]): string => keys.map(({ number }) => number).join(', ');

/** Under which numbers movements are on record. */
export function sequences(entries: readonly FragmentType<typeof MovementFragment>[]): string[] {
  return entries.map((entry) => unmask(MovementFragment, entry).seq);
}
