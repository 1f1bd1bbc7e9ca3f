/** What keeps a correction from being sent. */
export type CorrectionProblem = 'person' | 'from' | 'order' | 'long' | 'future' | 'reason';

/** The times that a correction begins with, as wall clock readings: a working day, today as far as it is over. */
export function usualTimes(day: string, today: string, now: string): { from: string; to: string } {
  const [begins, ends] = [`${day}T09:00`, `${day}T17:00`];
  if (day !== today || now >= ends) return { from: begins, to: ends };
  return { from: now > begins ? begins : `${day}T00:00`, to: now };
}

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
