import { useCallback, useState } from 'react';
import { mostAtOnce } from '@/components/entry/reviewQuery';
import type { Said } from './MarkDialog';
import type { TimelineEntry } from './TimelineRow';

/** Which entries a reviewer chose, and what he is about to say of which. */
export function useMarking() {
  const [chosen, setChosen] = useState<ReadonlyMap<string, TimelineEntry>>(new Map());
  const [asked, setAsked] = useState<{ said: Said; entries: TimelineEntry[] } | null>(null);
  const choose = useCallback(
    (entry: TimelineEntry) =>
      setChosen((former) => {
        const next = new Map(former);
        if (!next.delete(entry.id) && next.size < mostAtOnce) next.set(entry.id, entry);
        return next;
      }),
    [],
  );
  const chooseThese = useCallback(
    (entries: TimelineEntry[]) =>
      setChosen(new Map(entries.slice(0, mostAtOnce).map((entry) => [entry.id, entry]))),
    [],
  );
  /** Asks what to say of the chosen entries, of this one where none is chosen. */
  const mark = useCallback(
    (said: Said, current?: TimelineEntry) => {
      const entries = chosen.size > 0 ? [...chosen.values()] : current ? [current] : [];
      if (entries.length > 0) setAsked({ said, entries });
    },
    [chosen],
  );
  const cancel = useCallback(() => setAsked(null), []);
  const done = useCallback(() => {
    setAsked(null);
    setChosen(new Map());
  }, []);
  return { chosen, asked, choose, chooseThese, mark, cancel, done };
}
