import { resolutionsOf } from '@/components/inventory/differences';
import { noScan, type Scan, scan } from '@/components/inventory/scanned';
import { unmask } from '@/gql';
import type { DeskDifferenceFragment as Difference, DifferenceResolution } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import { type Command, type Errand, type FunctionKey, failed, type Kit, tried } from '../errand';
import {
  DeskCountDocument,
  DeskDifferenceFragment,
  DeskPlacesDocument,
  DeskSettleDocument,
} from './documents';

/** What is counted: a cabinet, or a group. */
interface Place {
  cabinet: string | null;
  group: string | null;
  name: string;
}

/** A count that was finished, as far as it is shown. */
interface Counted {
  inventory: string;
  place: Place;
  found: number;
  expected: number;
  /** How many differences nobody has settled. */
  open: number;
}

/** Counts the keys of a cabinet or a group, which is asked for first. */
export function count(kit: Kit): Errand {
  return { name: 'count', asks: 'place', enter: (name) => findPlace(kit, name) };
}

async function findPlace(kit: Kit, typed: string): Promise<void> {
  const { data, error } = await kit.client
    .query(DeskPlacesDocument, { search: typed }, { requestPolicy: 'network-only' })
    .toPromise();
  if (error) return failed(kit, failureOf(error), () => findPlace(kit, typed));
  const same = (name: string) => name.toLowerCase() === typed.toLowerCase();
  const cabinet = data?.keys.edges.find(({ node }) => same(node.cabinet))?.node.cabinet;
  const group = data?.keyGroups.edges.find(({ node }) => same(node.name))?.node;
  if (cabinet === undefined && !group) return kit.say({ kind: 'refused', why: 'noPlace', typed });
  kit.say(null);
  const place =
    cabinet === undefined
      ? { cabinet: null, group: group?.id ?? null, name: group?.name ?? typed }
      : { cabinet, group: null, name: cabinet };
  kit.next(scanning(kit, place, noScan));
}

/** Takes the number of every key that is there; Enter alone is the end. */
function scanning(kit: Kit, place: Place, scanned: Scan): Errand {
  const { numbers, said } = scanned;
  return {
    name: 'count',
    asks: 'count',
    blank: numbers.length > 0,
    shown: { kind: 'counting', place: place.name, numbers, said },
    enter: async (number) => {
      if (number === '') return finish(kit, place, numbers);
      kit.next(scanning(kit, place, scan(scanned, number)));
    },
  };
}

async function finish(
  kit: Kit,
  place: Place,
  numbers: readonly string[],
  idempotencyKey = newId(),
): Promise<void> {
  const { cabinet, group } = place;
  const input = { cabinet, group, numbers: [...numbers], idempotencyKey };
  const again = () => finish(kit, place, numbers, idempotencyKey);
  const data = await tried(kit, DeskCountDocument, { input }, again);
  if (!data) return;
  const { id, foundCount, expectedCount, openCount, differences } = data.countInventory.inventory;
  const found = { inventory: id, place, found: foundCount, expected: expectedCount, open: openCount };
  goOn(
    kit,
    found,
    differences.edges.map(({ node }) => unmask(DeskDifferenceFragment, node)),
  );
}

/** Shows what differs, or what came of the count once nothing does or the rest is too much for the desk. */
function goOn(kit: Kit, counted: Counted, open: Difference[]): void {
  kit.say(null);
  kit.next(open.length > 0 ? settling(kit, counted, open) : null);
  if (open.length === 0) kit.say({ kind: 'counted', ...counted, place: counted.place.name });
}

const keyOf: Record<DifferenceResolution, FunctionKey> = {
  RETURNED: 'F2',
  LOST: 'F4',
  FOUND: 'F6',
  MOVED_HERE: 'F8',
  IGNORED: 'F9',
};

/** Settles the first difference with a function key; a number that is scanned brings its difference to the front. */
function settling(kit: Kit, counted: Counted, open: Difference[]): Errand {
  const [first, ...others] = open;
  const resolutions = first
    ? resolutionsOf(first.kind, counted.place.cabinet !== null, kit.may('KEYS_MANAGE'))
    : [];
  return {
    name: 'count',
    asks: 'difference',
    shown: { kind: 'differences', place: counted.place.name, open },
    commands: resolutions.map(
      (resolution): Command => ({
        key: keyOf[resolution],
        says: `inventory.resolve.${resolution}`,
        run: () => first && kit.inTurn(() => settle(kit, counted, first, others, resolution)),
      }),
    ),
    enter: async (typed) => {
      const named = open.find(({ number }) => number.toLowerCase() === typed.toLowerCase());
      if (!named) return kit.say({ kind: 'refused', why: 'noDifference', typed });
      goOn(kit, counted, [named, ...open.filter(({ id }) => id !== named.id)]);
    },
  };
}

async function settle(
  kit: Kit,
  counted: Counted,
  difference: Difference,
  others: Difference[],
  resolution: DifferenceResolution,
): Promise<void> {
  const input = { difference: difference.id, resolution, idempotencyKey: `${difference.id}-${resolution}` };
  const again = () => settle(kit, counted, difference, others, resolution);
  if (!(await tried(kit, DeskSettleDocument, { input }, again))) return;
  goOn(kit, { ...counted, open: counted.open - 1 }, others);
}
