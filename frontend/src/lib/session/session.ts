import { createContext, useContext } from 'react';
import type { Permission } from '@/gql/graphql';
import type { ConnectionMonitor } from '@/lib/graphql/connection';

/** Who is signed in, on which server, and what he may do. */
export interface Session {
  person: { id: string; name: string };
  username: string;
  roles: readonly string[];
  permissions: ReadonlySet<Permission>;
  /** Those of them that reach everything, and not only a department or keys. */
  everywhere: ReadonlySet<Permission>;
  server: ServerInfo;
  /** The server's clock minus this machine's, in milliseconds. */
  clockOffset: number;
  monitor: ConnectionMonitor;
  signOut(): Promise<void>;
}

export interface ServerInfo {
  version: string;
  timeZone: string;
  sample: boolean;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession needs somebody signed in above it');
  return session;
}

/** Whether the caller holds a permission, however far it reaches. The server decides; this only hides what is of no use. */
export function useCan(permission: Permission): boolean {
  return useSession().permissions.has(permission);
}

/** Whether the caller holds a permission that reaches everything. */
export function useCanEverywhere(permission: Permission): boolean {
  return useSession().everywhere.has(permission);
}

/** The permissions of which each opens the timeline. */
export const timelineNeeds: readonly Permission[] = ['LOGS_KEYS_VIEW', 'LOGS_ACTIONS_VIEW', 'LOGS_AUTH_VIEW'];

/** Whether permissions open the timeline. */
export function mayOpenTimeline(permissions: ReadonlySet<Permission>): boolean {
  return timelineNeeds.some((one) => permissions.has(one));
}
