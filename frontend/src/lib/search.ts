/** Readers of search parameters, which anybody may have typed: what makes no sense is left out. */

export type RawSearch = Record<string, unknown>;

/** A text that is not empty. Numbers are taken as the digits they are. */
export function textIn(search: RawSearch, name: string): string | undefined {
  const value = search[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** One of a few words. */
export function wordIn<Word extends string>(
  search: RawSearch,
  name: string,
  words: readonly Word[],
): Word | undefined {
  return words.find((word) => word === search[name]);
}

/** Some of a few words; undefined rather than none. */
export function wordsIn<Word extends string>(
  search: RawSearch,
  name: string,
  words: readonly Word[],
): Word[] | undefined {
  const value = search[name];
  const given = Array.isArray(value) ? value : [value];
  const found = words.filter((word) => given.includes(word));
  return found.length > 0 ? found : undefined;
}
