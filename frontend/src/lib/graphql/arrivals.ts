/** What says where an entry belongs in a list. */
interface Placed {
  id: string;
  /** RFC 3339 in UTC with six decimals, so that texts sort as times do. */
  occurredAt: string;
  seq: string;
}

/**
 * Puts entries that a feed brought where they belong among those that were loaded: newest first, by when they happened,
 * since a report may come late. What belongs behind the last loaded page comes with its own page.
 *
 * @param more whether there are further pages
 */
export function withArrivals<Entry extends Placed>(
  loaded: readonly Entry[],
  arrived: readonly Entry[],
  more: boolean,
): { entry: Entry; fresh: boolean }[] {
  const known = new Set(loaded.map(({ id }) => id));
  const last = loaded.at(-1);
  const fresh = arrived.filter(
    (entry) => !known.has(entry.id) && !(more && last && newestFirst(entry, last) > 0),
  );
  return [
    ...loaded.map((entry) => ({ entry, fresh: false })),
    ...fresh.map((entry) => ({ entry, fresh: true })),
  ].sort((one, other) => newestFirst(one.entry, other.entry));
}

function newestFirst(one: Placed, other: Placed): number {
  if (one.occurredAt !== other.occurredAt) return one.occurredAt < other.occurredAt ? 1 : -1;
  return Number(other.seq) - Number(one.seq);
}
