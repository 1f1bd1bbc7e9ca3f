/** How long before and after an entry the rest of what somebody did is looked at. */
export const minutesAround = 5;

const minute = 60_000;

/** The time around an instant; the end, which is not included, lies past what happens at the very last moment. */
export function windowAround(at: string): { from: string; to: string } {
  const centre = Date.parse(at);
  return {
    from: new Date(centre - minutesAround * minute).toISOString(),
    to: new Date(centre + minutesAround * minute + 1).toISOString(),
  };
}

/** The first instant, in whole milliseconds, that lies behind another: an end that includes what happened at that one. */
export function justAfter(at: string): string {
  return new Date(Math.floor(Date.parse(at)) + 1).toISOString();
}

const begins = ['auth.signed_in', 'auth.root_accessed'];
const ends = ['auth.signed_out', 'auth.session_expired', 'auth.session_revoked'];

/** Of sign-ins and their ends, newest first, the last one that says whether somebody was in. */
export function lastSaid<Entry extends { action: string }>(
  entries: readonly Entry[],
): { entry: Entry; signedIn: boolean } | undefined {
  const entry = entries.find(({ action }) => begins.includes(action) || ends.includes(action));
  return entry && { entry, signedIn: begins.includes(entry.action) };
}

/** The span of work in which an instant lies, if there is one. */
export function spanAt<Span extends { from: string; to: string }>(
  spans: readonly Span[],
  at: string,
): Span | undefined {
  const instant = Date.parse(at);
  return spans.find(({ from, to }) => Date.parse(from) <= instant && instant < Date.parse(to));
}
