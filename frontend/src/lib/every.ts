import { useEffect, useRef } from 'react';

/** Does something again and again while the component is shown, so many milliseconds apart. */
export function useEvery(milliseconds: number, again: () => unknown): void {
  const latest = useRef(again);
  latest.current = again;
  useEffect(() => {
    const timer = setInterval(() => latest.current(), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
}
