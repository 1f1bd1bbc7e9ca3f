import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

interface SteadyReading {
  /** Whether somebody reads the list: scrolled into it, pointing at it, or inside it with the keyboard. */
  isUnderWay(): boolean;
}

/** Height of the bar that covers the top of the page. */
const covered = 52;

/**
 * Keeps the row that is being read in its place when rows are added above it: rows name themselves in data-row. Where the
 * first row is given, nothing is moved while that stays the same.
 */
export function useSteadyReading(list: RefObject<HTMLElement | null>, first?: string): SteadyReading {
  const before = useRef(first);
  const anchor = useRef<{ row: string; top: number } | null>(null);
  const isUnderWay = () => {
    const element = list.current;
    if (!element) return false;
    const scrolledInto = window.scrollY > 0 && element.getBoundingClientRect().top < covered;
    return scrolledInto || element.matches(':hover, :focus-within');
  };

  useLayoutEffect(() => {
    const former = first !== undefined && before.current === first ? null : anchor.current;
    before.current = first;
    const row = former && list.current?.querySelector(`[data-row="${former.row}"]`);
    if (former && row) window.scrollBy(0, row.getBoundingClientRect().top - former.top);
    anchor.current = isUnderWay() ? firstVisible(list.current) : null;
  });
  useEffect(() => {
    const element = list.current;
    const note = () => {
      anchor.current = isUnderWay() ? firstVisible(list.current) : null;
    };
    window.addEventListener('scroll', note, { passive: true });
    element?.addEventListener('pointerenter', note);
    element?.addEventListener('pointerleave', note);
    return () => {
      window.removeEventListener('scroll', note);
      element?.removeEventListener('pointerenter', note);
      element?.removeEventListener('pointerleave', note);
    };
  });
  return { isUnderWay };
}

function firstVisible(list: HTMLElement | null): { row: string; top: number } | null {
  for (const row of list?.querySelectorAll<HTMLElement>('[data-row]') ?? []) {
    const { top } = row.getBoundingClientRect();
    if (top >= covered && row.dataset.row) return { row: row.dataset.row, top };
  }
  return null;
}
