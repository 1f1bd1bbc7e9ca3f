import type { Stream } from '@/gql/graphql';

/** The parts of the record that archives may hold. */
export const streams: readonly Stream[] = ['KEY', 'ACTIVITY', 'AUTH', 'WORK', 'SYSTEM'];
