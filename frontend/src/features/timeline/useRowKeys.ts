import { useEffect, useState } from 'react';
import { isForPage, singleKeysEnabled } from '@/lib/singleKeys';

/** What keys do with the current row of a list; a key without an action here does nothing. */
export type RowActions<Row> = Partial<Record<string, (row: Row) => void>>;

/** The row that keys act upon, by its id: j and k move, others as the actions say. */
export function useRowKeys<Row extends { id: string }>(
  rows: Row[],
  actions: RowActions<Row>,
): string | undefined {
  const [current, setCurrent] = useState<string>();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!isForPage(event) || !singleKeysEnabled()) return;
      const at = rows.findIndex(({ id }) => id === current);
      const step = { j: 1, k: -1 }[event.key];
      const row = rows[at];
      if (step) {
        const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
        setCurrent(next?.id);
        requestAnimationFrame(() =>
          document.querySelector('li[aria-current]')?.scrollIntoView({ block: 'nearest' }),
        );
        return;
      }
      const act = actions[event.key];
      if (!row || !act || (event.key === ' ' && isOnControl(event))) return;
      event.preventDefault(); // a letter would land in the field of what it opens, and Space scroll
      act(row);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [rows, current, actions]);
  return current;
}

/** Whether Space is meant for a button, a box or a link that has the focus. */
function isOnControl(event: KeyboardEvent): boolean {
  return (event.target as HTMLElement | null)?.closest('button, a, summary, input') != null;
}
