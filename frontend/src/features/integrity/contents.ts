/** What an entry's own bytes say of it, as far as a reader compares it with what a page shows. */
export interface Contents {
  id: string;
  action: string;
  /** RFC 3339. */
  occurredAt: string;
  /** Id of whoever did it, or the word for keytrail itself. */
  actor: string | null;
  /** Id of whom it concerns. */
  person: string | null;
  entity: string | null;
}

/** Reads an entry's body; null when it is none. */
export function contentsOf(body: string): Contents | null {
  try {
    const read = JSON.parse(body) as Record<string, unknown> | null;
    const { id, action, occurredAt, actor, person, entity } = read ?? {};
    if (!isText(id) || !isText(action) || !isText(occurredAt)) return null;
    return { id, action, occurredAt, actor: textOf(actor), person: textOf(person), entity: nameOf(entity) };
  } catch {
    return null;
  }
}

function nameOf(entity: unknown): string | null {
  const { type, id, label } = (entity ?? {}) as Record<string, unknown>;
  return [type, label, id].filter(isText).join(' · ') || null;
}

function textOf(value: unknown): string | null {
  return isText(value) ? value : null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
