import { Temporal } from 'temporal-polyfill';
import type { LogFilter, ReviewState } from '@/gql/graphql';
import type { TimelineSearch } from '@/lib/paths';
import { addDays, dayBounds, daysBetween, instantOf, isDay } from '@/lib/time/calendar';

/** At most this long a window is counted by the hour; anything longer by the day. */
const daysByHour = 2;
const daysUnasked = 30;

/** The conditions of an address besides its times and words; whatever else stands there is none. */
export const namedConditions = [
  'person',
  'actor',
  'action',
  'module',
  'entityType',
  'entity',
  'keyNumber',
  'source',
  'outcome',
  'streams',
  'review',
] as const satisfies readonly (keyof TimelineSearch)[];

/** The conditions of an address, with its times as instants. A day as the end is taken in whole. */
export function filterOf(search: TimelineSearch, zone: string, purpose?: string): LogFilter {
  const { from, to } = search;
  const known = [...namedConditions, 'text' as const]
    .filter((each) => search[each] !== undefined)
    .map((each) => [each, search[each]]);
  return {
    ...Object.fromEntries(known),
    from: from && startIn(from, zone),
    to: to && endIn(to, zone),
    purpose: purpose || undefined,
  };
}

/** The window that the histogram shows: the address's own, otherwise thirty days up to today, as days. */
export function windowOf(search: TimelineSearch, today: string): { from: string; to: string } {
  const to = search.to ?? today;
  return { from: search.from ?? addDays(dayOf(to), 1 - daysUnasked), to };
}

/** What a window is counted by: hours where it is short enough for them. */
export function stepOf({ from, to }: { from: string; to: string }): 'HOUR' | 'DAY' {
  return daysBetween(dayOf(from), dayOf(to)) < daysByHour ? 'HOUR' : 'DAY';
}

/** The wall clock reading an hour after another; on days when clocks are moved, what the clock on the wall would read. */
export function addHour(reading: string): string {
  return Temporal.PlainDateTime.from(reading).add({ hours: 1 }).toString({ smallestUnit: 'minute' });
}

/** Whether an address asks for entries of work, which are shown only for a stated purpose. */
export function needsPurpose(search: TimelineSearch): boolean {
  return search.streams?.includes('WORK') ?? false;
}

/** Whether an address narrows which entries are listed by more than time and review. */
export function hasConditions({
  from: _from,
  to: _to,
  review: _review,
  ...conditions
}: TimelineSearch): boolean {
  return Object.values(conditions).some(Boolean);
}

/** What becomes of an address when entries are wanted by their review, which the server finds only within a window. */
export function reviewedAs(
  review: ReviewState | undefined,
  search: TimelineSearch,
  today: string,
): TimelineSearch {
  if (review === undefined || review === 'FLAGGED' || search.from) return { review };
  return { review, from: windowOf(search, today).from };
}

function dayOf(bound: string): string {
  return bound.slice(0, 10);
}

function startIn(bound: string, zone: string): string | null {
  return isDay(bound) ? dayBounds(bound, zone).from : instantOf(bound, zone);
}

function endIn(bound: string, zone: string): string | null {
  return isDay(bound) ? dayBounds(bound, zone).to : instantOf(bound, zone);
}
