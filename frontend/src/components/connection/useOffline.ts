import { useNetwork } from '@mantine/hooks';
import { useSyncExternalStore } from 'react';
import { shownState } from '@/lib/graphql/connection';
import { useNow } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';

/** Whether the connection is lost, so that nothing on screen is kept current and nothing can be recorded. */
export function useOffline(): boolean {
  const { monitor } = useSession();
  const { online } = useNetwork();
  const status = useSyncExternalStore(monitor.subscribe, monitor.snapshot);
  useNow(1_000); // a connection that stays away is told from one that was just lost
  const state = shownState(status, online, Date.now());
  return state === 'offline' || state === 'reconnecting';
}
