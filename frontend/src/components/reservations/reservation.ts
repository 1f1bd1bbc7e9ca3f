import { graphql } from '@/gql';
import type { ReservationRowFragment as Fragment } from '@/gql/graphql';

/** A reservation as a line of a list shows it. */
export const ReservationRowFragment = graphql(`
  fragment ReservationRow on Reservation {
    id
    from
    to
    state
    comment
    holder {
      id
      name
    }
    reservedBy {
      id
      name
    }
    key {
      id
      number
      label
      building
      ring {
        id
        name
      }
      groups {
        id
      }
    }
  }
`);

export type ReservationRow = Fragment;
