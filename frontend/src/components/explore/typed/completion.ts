import {
  type Condition,
  conditionOf,
  conditions,
  fold,
  isUnderstood,
  personConditions,
  piecesOf,
  quoted,
  type Vocabulary,
} from './grammar';

/** What is being typed where the caret stands: a name or a word, or the value of a condition. */
export interface Typing {
  condition: Condition | undefined;
  typed: string;
  start: number;
  end: number;
}

/** What a text is completed by. */
export interface Completion {
  /** What is put in place of what was typed. */
  insert: string;
  label: string;
  /** Whether a value is still to be typed behind it. */
  open: boolean;
  /** The value that is completed, and whose id it is. */
  value: string;
  id?: string | undefined;
}

/** A value of a condition, and how the reader knows it. For a person the value is his name. */
export interface Offered {
  value: string;
  label: string;
  /** Of a person. */
  id?: string | undefined;
}

/** What is being typed at a caret. */
export function typingAt(text: string, caret: number, vocabulary: Vocabulary): Typing {
  const piece = piecesOf(text).find(({ start, end }) => start < caret && caret <= end);
  if (!piece) return { condition: undefined, typed: '', start: caret, end: caret };
  const { start, end, name, value } = piece;
  if (name === '') return { condition: undefined, typed: value, start, end };
  return { condition: conditionOf(name, vocabulary), typed: value, start: start + name.length + 1, end };
}

/** The names that complete a word, those that are not asked for yet. */
export function namesFor(typed: string, asked: readonly Condition[], { names }: Vocabulary): Completion[] {
  const wanted = fold(typed);
  return conditions
    .filter((each) => !asked.includes(each) && fold(names[each]).startsWith(wanted))
    .map((each) => ({ insert: `${names[each]}:`, label: `${names[each]}:`, open: true, value: '' }));
}

/** The values that complete what is typed behind a condition: first those that begin with it. */
export function valuesFor(typed: string, some: readonly Offered[]): Completion[] {
  const wanted = fold(typed);
  const fitting = some.filter(
    ({ value, label }) => fold(value).includes(wanted) || fold(label).includes(wanted),
  );
  const begins = ({ value, label }: Offered) =>
    fold(value).startsWith(wanted) || fold(label).startsWith(wanted) ? 0 : 1;
  return fitting
    .toSorted((a, b) => begins(a) - begins(b))
    .slice(0, mostOffered)
    .map(({ value, label, id }) => ({ insert: quoted(value), label, open: false, value, id }));
}

/**
 * Whether Enter takes the first completion before the filter: where a value was begun that stands for nothing yet. Of
 * persons only one that is the only one, since several are asked about by name.
 */
export function isUnfinished(
  { condition, typed }: Typing,
  completions: readonly Completion[],
  offered: readonly Offered[],
  vocabulary: Vocabulary,
): boolean {
  const wanted = fold(typed.trim());
  if (!condition || wanted === '' || completions.length === 0) return false;
  if (offered.some(({ value, label }) => fold(value) === wanted || fold(label) === wanted)) return false;
  if (personConditions.some((each) => each === condition)) return completions.length === 1;
  return !isUnderstood(condition, typed, vocabulary);
}

const mostOffered = 12;

/** What is being typed once the filter was changed elsewhere: what it had more than the filter before stays. */
export function rewritten(draft: string, before: string, after: string): string {
  if (!draft.startsWith(before)) return draft;
  return [after, draft.slice(before.length).trimStart()].filter(Boolean).join(' ');
}

/** The text with what was typed completed, and where the caret stands then. */
export function complete(
  text: string,
  typing: Typing,
  { insert, open }: Completion,
): { text: string; caret: number } {
  const rest = text.slice(typing.end);
  const gap = open || rest.startsWith(' ') ? '' : ' ';
  const front = text.slice(0, typing.start) + insert + gap;
  return { text: front + rest, caret: front.length };
}
