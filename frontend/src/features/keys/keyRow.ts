import { graphql } from '@/gql';
import type { KeyRowFragment as Fragment } from '@/gql/graphql';

/** A key as the list and the dialogs show it. */
export const KeyRowFragment = graphql(`
  fragment KeyRow on Key {
    id
    number
    label
    building
    floor
    room
    cabinet
    hook
    state
    loan {
      id
      issuedAt
      dueAt
      overdue
      holder {
        id
        name
      }
    }
  }
`);

export type KeyRow = Fragment;

/** What can be done with a key at the desk. */
export function deskAction(key: Pick<KeyRow, 'state'>): 'issue' | 'return' | null {
  if (key.state === 'AVAILABLE' || key.state === 'RESERVED') return 'issue';
  return key.state === 'ISSUED' || key.state === 'OVERDUE' ? 'return' : null;
}

/** Where the key fits, as far as it is known. */
export function placeOf(key: Pick<KeyRow, 'building' | 'floor' | 'room'>): string {
  return [key.building, key.floor, key.room].filter(Boolean).join(' · ');
}
