/** Readers of search parameters, which anybody may have typed: what makes no sense is left out. */

export type RawSearch = Record<string, unknown>;

/** A text that is not empty. */
export function textIn(search: RawSearch, name: string): string | undefined {
  const value = search[name];
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

/** Reads an address's search as plain words: a name given several times is a list. */
export function parseSearch(text: string): RawSearch {
  const parameters = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
}

/** Writes a search as plain words, so that addresses can be read and typed. */
export function writeSearch(search: RawSearch): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) parameters.append(name, String(each));
    }
  }
  const text = parameters.toString();
  return text && `?${text}`;
}
