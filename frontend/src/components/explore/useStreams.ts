import type { Permission, Stream } from '@/gql/graphql';
import { useSession } from '@/lib/session/session';

/** The streams of the timeline, and the right to see each. */
const rights: Partial<Record<Stream, Permission>> = {
  KEY: 'LOGS_KEYS_VIEW',
  ACTIVITY: 'LOGS_ACTIONS_VIEW',
  AUTH: 'LOGS_AUTH_VIEW',
  WORK: 'LOGS_WORK_VIEW',
};

/** The streams of the timeline that the reader may see. */
export function useStreams(): Stream[] {
  const { permissions } = useSession();
  return (Object.entries(rights) as [Stream, Permission][])
    .filter(([, right]) => permissions.has(right))
    .map(([stream]) => stream);
}
