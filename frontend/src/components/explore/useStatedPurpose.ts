import { useLocation, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useSession } from '@/lib/session/session';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Why entries of work are looked at, and who said so: nobody else at this browser does. */
    purpose?: { text: string; by: string };
  }
}

interface StatedPurpose {
  text: string;
  state(text: string): void;
}

/**
 * Why entries of work are looked at: stays with the place in the browser's history, and stands in no address. A link
 * to another page about the same entries takes it along with state={true}.
 */
export function useStatedPurpose(): StatedPurpose {
  const { person } = useSession();
  const router = useRouter();
  const here = useLocation({ select: ({ state }) => state.purpose });
  const [text, state] = useState(here && here.by === person.id ? here.text : '');
  const stands = here?.by === person.id && here.text === text;
  useEffect(() => {
    if (text === '' || stands) return;
    router.history.replace(router.history.location.href, {
      ...router.history.location.state,
      purpose: { text, by: person.id },
    });
  }, [router, text, stands, person.id]);
  return { text, state };
}
