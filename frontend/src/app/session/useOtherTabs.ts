import { useEffect, useRef } from 'react';

/** Tells the other tabs of this browser that somebody signed in or out, and hears it from them. */
export function useOtherTabs(changed: () => void): () => void {
  const latest = useRef(changed);
  const channel = useRef<BroadcastChannel | null>(null);
  useEffect(() => {
    latest.current = changed;
  });
  useEffect(() => {
    const opened = new BroadcastChannel('keytrail.session');
    opened.onmessage = () => latest.current();
    channel.current = opened;
    return () => opened.close();
  }, []);
  return () => channel.current?.postMessage('changed');
}
