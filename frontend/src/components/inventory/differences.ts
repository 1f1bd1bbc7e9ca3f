import type { DifferenceKind, DifferenceResolution } from '@/gql/graphql';

/** In the order in which they are looked at: what is gone first. */
export const kinds: readonly DifferenceKind[] = [
  'MISSING',
  'NOT_RETURNED',
  'LOST_BUT_FOUND',
  'MISPLACED',
  'RETIRED',
  'UNKNOWN',
];

/** How a difference can be settled: only a cabinet can become a key's own, by whoever may change keys. */
export function resolutionsOf(
  kind: DifferenceKind,
  cabinet: boolean,
  mayManage: boolean,
): DifferenceResolution[] {
  switch (kind) {
    case 'NOT_RETURNED':
      return ['RETURNED', 'IGNORED'];
    case 'MISSING':
      return ['LOST', 'FOUND', 'IGNORED'];
    case 'LOST_BUT_FOUND':
      return ['FOUND', 'IGNORED'];
    case 'MISPLACED':
      return cabinet && mayManage ? ['MOVED_HERE', 'IGNORED'] : ['IGNORED'];
    default:
      return ['IGNORED'];
  }
}

/** The differences by kind, without the kinds of which there are none. */
export function byKind<Difference extends { kind: DifferenceKind }>(
  differences: readonly Difference[],
): [DifferenceKind, Difference[]][] {
  return kinds
    .map((kind): [DifferenceKind, Difference[]] => [kind, differences.filter((each) => each.kind === kind)])
    .filter(([, some]) => some.length > 0);
}
