import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useSession } from '@/lib/session/session';
import { isForPage, singleKeysEnabled } from '@/lib/singleKeys';
import { goSequence } from './goSequence';
import { pagesFor } from './pages';

interface GlobalKeys {
  palette(): void;
  shortcuts(): void;
}

/** Ctrl-K anywhere; outside of fields ? for the list of shortcuts, and g with a letter for a page. */
export function useGlobalKeys(keys: GlobalKeys): void {
  const navigate = useNavigate();
  const { permissions } = useSession();
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const goTo = goSequence();
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return latest.current.palette();
      }
      if (!isForPage(event) || !singleKeysEnabled()) return;
      if (event.key === '?') return latest.current.shortcuts();
      const chosen = goTo(event.key, event.timeStamp);
      const page = chosen && pagesFor(permissions).find(({ letter }) => letter === chosen);
      if (page) navigate(page.link);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [navigate, permissions]);
}
