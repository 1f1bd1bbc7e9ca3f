import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import classes from './announce.module.css';

const AnnounceContext = createContext<(message: string) => void>(() => {});
const shownFor = 5_000;

/** Says in one line that something was done, to eyes and to screen readers. */
export function useAnnounce(): (message: string) => void {
  return useContext(AnnounceContext);
}

export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<{ message: string; number: number } | null>(null);
  const announce = useCallback(
    (message: string) => setSaid((former) => ({ message, number: (former?.number ?? 0) + 1 })),
    [],
  );
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(null), shownFor);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <AnnounceContext.Provider value={announce}>
      {children}
      <div className={classes.region} role="status" aria-live="polite">
        {said && (
          <div className={classes.message} key={said.number}>
            {said.message}
          </div>
        )}
      </div>
    </AnnounceContext.Provider>
  );
}
