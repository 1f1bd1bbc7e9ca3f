/** After how long what is shown counts as old, in milliseconds: three beats of the feed. */
export const staleAfter = 30_000;

/** Whole seconds since something arrived, once that is too long ago; null while it is fresh. */
export function staleSeconds(arrivedAt: number, now: number): number | null {
  const age = now - arrivedAt;
  return age > staleAfter ? Math.floor(age / 1_000) : null;
}

/** Whole minutes past the due time at the server's clock. */
export function minutesOverdue(dueAt: string, serverNow: number): number {
  return Math.max(0, Math.floor((serverNow - Date.parse(dueAt)) / 60_000));
}

/** Which part of a list stands on the wall now, where it is too long for it: parts take turns. */
export function turnOf<T>(list: readonly T[], fitting: number, now: number, everyMs = 10_000): readonly T[] {
  const turns = Math.max(1, Math.ceil(list.length / fitting));
  const turn = Math.floor(now / everyMs) % turns;
  return list.slice(turn * fitting, (turn + 1) * fitting);
}
