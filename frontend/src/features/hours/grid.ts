import type { Days } from './period';

/** Hours of a person in a period, as the server adds them up. */
export interface HoursCell {
  from: string;
  workingMinutes: number;
  realHours: number;
  estimatedMinutes: number;
  unverified: boolean;
}

/** Says whether there is work in them; a block that began seconds before midnight is an hour without a minute. */
export function hasWork(hours: Pick<HoursCell, 'workingMinutes' | 'realHours'>): boolean {
  return hours.workingMinutes > 0 || hours.realHours > 0;
}

interface PersonHours extends HoursCell {
  person: { id: string; name: string };
}

export interface GridRow {
  person: { id: string; name: string };
  /** One a column; null where he did not work, or where it may not be seen. */
  cells: (HoursCell | null)[];
  total: HoursCell;
}

/** A row a person, by name: his total and what belongs into each column. */
export function rowsOf(
  columns: readonly Days[],
  totals: readonly PersonHours[],
  cells: readonly PersonHours[],
): GridRow[] {
  const places = new Map(columns.map(({ from }, place) => [from, place]));
  const rows = new Map(
    totals.map((total): [string, GridRow] => [
      total.person.id,
      { person: total.person, total, cells: columns.map(() => null) },
    ]),
  );
  for (const cell of cells) {
    const place = places.get(cell.from);
    const row = rows.get(cell.person.id);
    if (row && place !== undefined) row.cells[place] = cell;
  }
  return [...rows.values()].sort((a, b) => a.person.name.localeCompare(b.person.name));
}

/** What some hours come to together. */
export function sumOf(hours: readonly (HoursCell | null)[]): HoursCell {
  const sum = { from: '', workingMinutes: 0, realHours: 0, estimatedMinutes: 0, unverified: false };
  for (const one of hours) {
    if (!one) continue;
    sum.workingMinutes += one.workingMinutes;
    sum.realHours += one.realHours;
    sum.estimatedMinutes += one.estimatedMinutes;
    sum.unverified ||= one.unverified;
  }
  return sum;
}
