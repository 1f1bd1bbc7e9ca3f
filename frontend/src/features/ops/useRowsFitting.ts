import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/**
 * How many of a list's rows, which are equally high, fit into the height that the page leaves to it. Where the list is as
 * high as its rows, as on a narrow screen, it is the usual number.
 */
export function useRowsFitting(
  usual: number,
  rows: number,
): { list: RefObject<HTMLUListElement | null>; fitting: number } {
  const list = useRef<HTMLUListElement>(null);
  const any = rows > 0;
  const [measured, setMeasured] = useState<number | null>(null);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element || !any) return;
    const measure = () => setMeasured(rowsFitting(element));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [any]);
  return { list, fitting: measured ?? usual };
}

/** null where nothing tells: no row is there yet, or the list is not given a height. */
function rowsFitting(list: HTMLUListElement): number | null {
  const row = list.firstElementChild?.getBoundingClientRect().height ?? 0;
  if (row === 0 || getComputedStyle(list).flexGrow === '0') return null;
  return Math.max(1, Math.floor((list.clientHeight + 1) / row));
}
