import { graphql } from '@/gql';

/** A handover as lists and the key's page show it. */
export const HandoverFragment = graphql(`
  fragment Handover on Handover {
    id
    state
    dueAt
    requestedAt
    expiresAt
    key {
      id
      number
      label
    }
    from {
      id
      name
    }
    to {
      id
      name
    }
    requestedBy {
      id
    }
  }
`);

export const AcceptHandoverDocument = graphql(`
  mutation AcceptHandover($input: AcceptHandoverInput!) {
    acceptHandover(input: $input) {
      handover {
        id
        state
        key {
          id
          ...KeyLive
        }
        loan {
          id
          handover {
            id
          }
        }
      }
      loans {
        id
        returnedAt
        end
      }
      entries {
        id
        ...Movement
      }
    }
  }
`);

export const CancelHandoverDocument = graphql(`
  mutation CancelHandover($input: CancelHandoverInput!) {
    cancelHandover(input: $input) {
      handover {
        id
        state
        loan {
          id
          handover {
            id
          }
        }
      }
      entry {
        id
        ...Movement
      }
    }
  }
`);
