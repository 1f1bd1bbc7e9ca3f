/** One line of a week's column. */
export interface WeekRow {
  id: string;
  /** RFC 3339. */
  at: string;
  number: string;
  who: string;
  what: { kind: 'moved'; action: string; seq: string } | { kind: 'due' | 'reserved'; key: string };
}

/** A row and its day, before it stands in a column. */
export interface DatedRow extends WeekRow {
  day: string;
}

/** The most lines of a column; the day has the others. */
export const mostRows = 40;

/** Puts rows below their days, each day's in the order given. */
export function byDay(days: readonly string[], rows: readonly DatedRow[]): Map<string, WeekRow[]> {
  const columns = new Map<string, WeekRow[]>(days.map((day) => [day, []]));
  for (const row of rows) columns.get(row.day)?.push(row);
  return columns;
}

/** A place in the week: the column, and the line in it; 0 is the heading. */
export interface Place {
  column: number;
  line: number;
}

/** Where a key of the keyboard leads; null where it leads nowhere. `lines` counts the lines of each column. */
export function placeAfter(key: string, { column, line }: Place, lines: readonly number[]): Place | null {
  const within = (wanted: Place): Place | null => {
    const last = lines[wanted.column];
    return last === undefined
      ? null
      : { column: wanted.column, line: Math.max(0, Math.min(last, wanted.line)) };
  };
  switch (key) {
    case 'ArrowLeft':
      return within({ column: column - 1, line });
    case 'ArrowRight':
      return within({ column: column + 1, line });
    case 'ArrowUp':
      return within({ column, line: line - 1 });
    case 'ArrowDown':
      return within({ column, line: line + 1 });
    case 'Home':
      return within({ column: 0, line: 0 });
    case 'End':
      return within({ column: lines.length - 1, line: 0 });
    default:
      return null;
  }
}
