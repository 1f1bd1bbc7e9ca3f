import { useEffect, useRef } from 'react';
import { isForPage } from '@/lib/singleKeys';

/** Left and right move through time, unless a field, a menu or a dialog has the keyboard. */
export function useArrows(move: (by: -1 | 1) => void): void {
  const latest = useRef(move);
  useEffect(() => {
    latest.current = move;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      if (event.shiftKey || !isForPage(event)) return;
      event.preventDefault();
      latest.current(event.key === 'ArrowLeft' ? -1 : 1);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
