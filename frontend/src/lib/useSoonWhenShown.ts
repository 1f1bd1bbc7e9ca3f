import { useEffect, useRef } from 'react';
import { useSoon } from './useSoon';

/** As useSoon, but while nobody can see the page it waits until somebody can. */
export function useSoonWhenShown(run: () => void, milliseconds: number): () => void {
  const latest = useRef(run);
  const waits = useRef(false);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const shown = () => {
      if (document.hidden || !waits.current) return;
      waits.current = false;
      latest.current();
    };
    document.addEventListener('visibilitychange', shown);
    return () => document.removeEventListener('visibilitychange', shown);
  }, []);
  return useSoon(() => {
    if (document.hidden) waits.current = true;
    else run();
  }, milliseconds);
}
