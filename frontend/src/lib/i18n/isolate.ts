const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** Letters that run from right to left, and marks that change the direction. */
const reordering =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Marks that begin or end an isolate: one that a text leaves open would end the one around it. */
const isolates = /[\u2066-\u2069]/g;

/** Keeps a text from changing the order of the sentence in which it stands (Unicode Standard Annex 9). */
export function isolate(text: string): string {
  if (!reordering.test(text)) return text;
  return FIRST_STRONG_ISOLATE + text.replace(isolates, '') + POP_ISOLATE;
}
