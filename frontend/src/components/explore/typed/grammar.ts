import type { Outcome, ReviewState, Stream } from '@/gql/graphql';
import type { TimelineSearch } from '@/lib/paths';
import { addDays, instantOf, isDay } from '@/lib/time/calendar';
import { namedConditions } from '../filter';

/** The conditions that can be typed, by the names they have in the address; words without a name are `text`. */
export const conditions = [...namedConditions, 'from', 'to'] as const;

/** Those whose value is a person. */
export const personConditions = ['person', 'actor'] as const satisfies readonly Condition[];

export type PersonCondition = (typeof personConditions)[number];

export type Condition = (typeof conditions)[number];

/** How a reader writes conditions: their names in his language, and his words for values that are one of a few. */
export interface Vocabulary {
  names: Record<Condition, string>;
  /** The reader's words by value. */
  values: Partial<Record<Condition, Record<string, string>>>;
  /** The reader's words for actions, by code. */
  actions: Readonly<Record<string, string>>;
  /** The reader's words for days, by how many days ago they are. */
  days: Readonly<Record<number, string>>;
  /** Today in the display zone. */
  today: string;
  zone: string;
}

/** A piece of what was typed, and where it stands in the text. */
export interface Piece {
  /** What stands before the colon; "" for a word. */
  name: string;
  value: string;
  start: number;
  end: number;
}

/** What is wrong with what was typed, and the piece that it is about. */
export interface Problem {
  reason: 'unknown' | 'empty' | 'twice' | 'value' | 'day' | 'order';
  piece: string;
}

/** The most that may be typed, in characters. */
export const longestFilter = 500;

/** The values that a condition can have, where these are few. */
export const choices: Partial<Record<Condition, readonly string[]>> = {
  outcome: ['SUCCESS', 'FAILURE', 'DENIED'] satisfies Outcome[],
  streams: ['KEY', 'ACTIVITY', 'AUTH', 'WORK'] satisfies Stream[],
  review: ['UNREVIEWED', 'FLAGGED', 'REVIEWED'] satisfies ReviewState[],
};

const piecePattern = /(\p{L}+):(?=\s|$)|(?:(\p{L}+):)?(?:"((?:[^"\\]|\\.)*)"?|([^\s"]\S*))/gu;

/** The pieces of a text. A quote that is not closed reaches to its end. */
export function piecesOf(text: string): Piece[] {
  return [...text.matchAll(piecePattern)].map((match) => ({
    name: (match[1] ?? match[2] ?? '').toLowerCase(),
    value: match[3]?.replaceAll(/\\(.)/g, '$1') ?? match[4] ?? '',
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** The condition that a name stands for, in the reader's language or as the address calls it. */
export function conditionOf(name: string, { names }: Vocabulary): Condition | undefined {
  const wanted = fold(name);
  return conditions.find((each) => fold(names[each]) === wanted || fold(each) === wanted);
}

/**
 * What a text asks for; every condition that it leaves out is undefined. Persons stand in it as typed, by name or
 * by id.
 */
export function parse(text: string, vocabulary: Vocabulary): { search: TimelineSearch; problems: Problem[] } {
  const search: Partial<Record<Condition, string>> = {};
  const words: string[] = [];
  const problems: Problem[] = [];
  for (const piece of piecesOf(text)) {
    const written = text.slice(piece.start, piece.end);
    const condition = conditionOf(piece.name, vocabulary);
    const reason = condition && wrongWith(condition, piece.value, search, vocabulary);
    if (piece.name === '' || piece.value.startsWith('//')) words.push(piece.name ? written : piece.value);
    else if (!condition) problems.push({ reason: 'unknown', piece: piece.name });
    else if (reason) problems.push({ reason, piece: written });
    else search[condition] = meant(condition, piece.value, search[condition], vocabulary);
  }
  const { streams, ...single } = search;
  if (single.from && single.to && isBefore(single.to, single.from)) {
    problems.push({ reason: 'order', piece: `${vocabulary.names.to}:${single.to}` });
  }
  return {
    search: {
      ...(Object.fromEntries(conditions.map((each) => [each, undefined])) as TimelineSearch),
      ...(single as TimelineSearch),
      streams: streams?.split(',') as Stream[] | undefined,
      text: words.filter(Boolean).join(' ') || undefined,
    },
    problems,
  };
}

function wrongWith(
  condition: Condition,
  value: string,
  before: Partial<Record<Condition, string>>,
  vocabulary: Vocabulary,
): Problem['reason'] | undefined {
  if (value.trim() === '') return 'empty';
  if (before[condition] !== undefined && condition !== 'streams') return 'twice';
  if (condition === 'from' || condition === 'to') return timeOf(value, vocabulary) ? undefined : 'day';
  if (condition === 'action') return actionOf(value, vocabulary) ? undefined : 'value';
  const some = choices[condition];
  if (some && parts(value).some((part) => !choiceOf(condition, part, vocabulary))) return 'value';
  return undefined;
}

function meant(
  condition: Condition,
  value: string,
  before: string | undefined,
  vocabulary: Vocabulary,
): string | undefined {
  if (condition === 'from' || condition === 'to') return timeOf(value, vocabulary);
  if (condition === 'action') return actionOf(value, vocabulary);
  if (!choices[condition]) return value.trim();
  const chosen = parts(value).map((part) => choiceOf(condition, part, vocabulary));
  return [...new Set([...(before ? before.split(',') : []), ...chosen])].join(',');
}

function parts(value: string): string[] {
  return value.split(',').map((part) => part.trim());
}

function choiceOf(condition: Condition, word: string, { values }: Vocabulary): string | undefined {
  const wanted = fold(word);
  return choices[condition]?.find(
    (each) => fold(each) === wanted || fold(values[condition]?.[each] ?? each) === wanted,
  );
}

/** Whether a value as it is typed stands for something that is known without asking the record. */
export function isUnderstood(condition: Condition, value: string, vocabulary: Vocabulary): boolean {
  if (wrongWith(condition, value, {}, vocabulary)) return false;
  if (condition === 'action') return (actionOf(value, vocabulary) ?? '') in vocabulary.actions;
  return condition === 'from' || condition === 'to' || choices[condition] !== undefined;
}

/** The code of an action that is written as such or in the reader's words; none where these stand for several. */
function actionOf(value: string, { actions }: Vocabulary): string | undefined {
  const wanted = fold(value.trim());
  const [code, another] = Object.keys(actions).filter((each) => fold(actions[each] ?? each) === wanted);
  if (code === undefined) return value.trim();
  return another === undefined ? code : undefined;
}

/** A day, a day with a wall clock time, or so many days ago (`-7d`; `-0d` is today). */
function timeOf(value: string, { today, zone, days }: Vocabulary): string | undefined {
  const word = Object.entries(days).find(([, each]) => fold(each) === fold(value.trim()));
  if (word) return addDays(today, -Number(word[0]));
  const ago = /^-(\d{1,4})d$/.exec(value);
  if (ago) return addDays(today, -Number(ago[1]));
  const reading = value.trim().replace(' ', 'T');
  if (isDay(reading)) return reading;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(reading) && instantOf(reading, zone) ? reading : undefined;
}

/** Whether an end lies before a beginning; a day as the end is taken in whole. */
function isBefore(end: string, beginning: string): boolean {
  const length = Math.min(end.length, beginning.length);
  return end.slice(0, length) < beginning.slice(0, length);
}

/** A text as it is compared: without case and diacritics. */
export function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** A filter as it is typed. personNames are how its persons are called; of others the id stands in the text. */
export function write(
  search: TimelineSearch,
  { names, values }: Vocabulary,
  personNames: Partial<Record<PersonCondition, string | undefined>> = {},
): string {
  const written = conditions.flatMap((condition) => {
    const value = search[condition];
    if (!value || value.length === 0) return [];
    const shown = Array.isArray(value)
      ? value.map((each) => values.streams?.[each] ?? each).join(',')
      : isOfPerson(condition)
        ? (personNames[condition] ?? value)
        : (values[condition]?.[value as string] ?? value);
    return [`${names[condition]}:${quoted(shown as string)}`];
  });
  return [...written, ...wordsOf(search.text)].join(' ');
}

function isOfPerson(condition: Condition): condition is PersonCondition {
  return personConditions.some((each) => each === condition);
}

function wordsOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => (word.includes(':') ? quoted(word, true) : quoted(word)));
}

/** A value as it is typed: in quotes where it needs them. */
export function quoted(value: string, always = false): string {
  return always || /[\s"\\]/.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : value;
}
