/** A field whose values a program sends in plain: `/status` in everything, `order /status` in orders only. */
export interface PlainField {
  entityType: string;
  path: string;
}

/** What an action of a program is called. */
export interface ActionWords {
  action: string;
  english: string;
  latvian: string;
}

/** A line that cannot be read, counted from 1. */
export class UnreadableLine extends Error {
  constructor(readonly line: number) {
    super(`line ${line} cannot be read`);
  }
}

/** Reads fields, one a line. Throws UnreadableLine. */
export function readFields(text: string): PlainField[] {
  return readLines(text, (line) => {
    const [, entityType = '', path] = /^(?:(.*\S)\s+)?(\/\S*)$/.exec(line) ?? [];
    return path === undefined ? null : { entityType, path };
  });
}

/** Writes fields as readFields reads them. */
export function writeFields(fields: readonly PlainField[]): string {
  return fields.map(({ entityType, path }) => (entityType ? `${entityType} ${path}` : path)).join('\n');
}

/** Reads words, one action a line: `order.paid: paid an order | apmaksāja pasūtījumu`. Throws UnreadableLine. */
export function readWords(text: string): ActionWords[] {
  return readLines(text, (line) => {
    const [, action, english, latvian] = /^([^\s:]+)\s*:\s*([^|]*\S)\s*\|\s*([^|]*\S)$/.exec(line) ?? [];
    return action && english && latvian ? { action, english, latvian } : null;
  });
}

/** Writes words as readWords reads them. */
export function writeWords(words: readonly ActionWords[]): string {
  return words.map(({ action, english, latvian }) => `${action}: ${english} | ${latvian}`).join('\n');
}

function readLines<T>(text: string, read: (line: string) => T | null): T[] {
  return text.split('\n').flatMap((raw, at) => {
    const line = raw.trim();
    if (!line) return [];
    const one = read(line);
    if (one === null) throw new UnreadableLine(at + 1);
    return [one];
  });
}
