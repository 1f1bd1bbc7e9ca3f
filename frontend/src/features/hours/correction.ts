/** What keeps a correction from being sent. */
export type CorrectionProblem = 'person' | 'from' | 'order' | 'long' | 'future' | 'reason';

/** A correction as it is filled in; instants are RFC 3339, null where unreadable. */
export interface Correction {
  person: string | null;
  from: string | null;
  to: string | null;
  reason: string;
}

const longest = 7 * 86_400_000;

/** The first thing that is wrong with a correction, at an instant in milliseconds; the server checks the same. */
export function problemOf({ person, from, to, reason }: Correction, now: number): CorrectionProblem | null {
  if (!person) return 'person';
  if (!from) return 'from';
  const length = Date.parse(to ?? '') - Date.parse(from);
  if (!(length > 0)) return 'order';
  if (length > longest) return 'long';
  if (Date.parse(to ?? '') > now) return 'future';
  return reason.trim() === '' ? 'reason' : null;
}
