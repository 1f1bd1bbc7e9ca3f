import { useEffect, useState } from 'react';
import type { KeyRow } from './keyRow';

interface Found {
  rows: readonly KeyRow[];
  loading: boolean;
}

/**
 * Enter in the search field, also from a scanner that types faster than the server answers: once the rows for the
 * text are there, the key with exactly that number is acted on, or the only one found. Several are left to choose
 * from.
 */
export function useEnter(
  shownFor: string | undefined,
  found: Found,
  act: (key: KeyRow) => void,
  choose: () => void,
): (text: string) => void {
  const [entered, setEntered] = useState<string | null>(null);
  const settled = entered !== null && entered === (shownFor ?? '') && !found.loading;
  useEffect(() => {
    if (!settled) return;
    setEntered(null);
    const exact = found.rows.find((key) => key.number.toLowerCase() === entered.toLowerCase());
    const only = found.rows.length === 1 ? found.rows[0] : undefined;
    const key = exact ?? only;
    if (key) act(key);
    else choose();
  }, [settled, entered, found.rows, act, choose]);
  return setEntered;
}
