import { useCallback, useState } from 'react';
import type { KeyRow } from './keyRow';

/** Which keys are selected. A key stays selected while a filter hides it, with the state it had then. */
export function useSelection(rows: readonly KeyRow[]) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, KeyRow>>(new Map());
  const current = new Map(rows.map((key) => [key.id, key]));
  const toggle = useCallback((key: KeyRow) => {
    setChosen((former) => {
      const next = new Map(former);
      if (!next.delete(key.id)) next.set(key.id, key);
      return next;
    });
  }, []);
  const clear = useCallback(() => setChosen(new Map()), []);
  return {
    ids: new Set(chosen.keys()),
    keys: [...chosen.values()].map((key) => current.get(key.id) ?? key),
    toggle,
    clear,
  };
}
