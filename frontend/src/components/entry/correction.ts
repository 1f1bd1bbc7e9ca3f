/** What a movement is held to be, as far as it can be corrected. */
export interface Truth {
  /** On the clock of the display zone, to the minute. */
  wallClock: string;
  holder: { id: string; name: string } | null;
  comment: string;
  void: boolean;
}

export interface Change {
  occurredAt?: string;
  holder?: string;
  comment?: string;
  void?: boolean;
}

/** What differs from what was held to be true; null when nothing does. What did not happen at all has nothing else to it. */
export function changeOf(before: Truth, after: Truth, occurredAt: string | null): Change | null {
  if (after.void) return { void: true };
  const change: Change = {};
  if (after.wallClock !== before.wallClock && occurredAt) change.occurredAt = occurredAt;
  if (after.holder && after.holder.id !== before.holder?.id) change.holder = after.holder.id;
  if (after.comment.trim() !== before.comment.trim()) change.comment = after.comment.trim();
  return Object.keys(change).length > 0 ? change : null;
}

/** The movements that can be corrected, and whether one has a holder that can be. */
const correctable: Record<string, { holder: boolean; void: boolean }> = {
  'key.issued': { holder: true, void: true },
  'key.returned': { holder: false, void: true },
  'key.handed_over': { holder: true, void: false },
};

/** What of a movement can be corrected; undefined for entries that are none. */
export function correctableIn(action: string): { holder: boolean; void: boolean } | undefined {
  return Object.hasOwn(correctable, action) ? correctable[action] : undefined;
}
