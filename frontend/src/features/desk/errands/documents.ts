import { graphql } from '@/gql';

export const DeskHandOverDocument = graphql(`
  mutation DeskHandOver($input: HandOverKeysInput!) {
    handOverKeys(input: $input) {
      handovers {
        id
        ...Handover
        loan {
          id
          handover {
            id
          }
        }
      }
      entries {
        id
        ...Movement
      }
    }
  }
`);

export const DeskLostDocument = graphql(`
  mutation DeskLost($input: ReportKeyLostInput!) {
    reportKeyLost(input: $input) {
      key {
        id
        ...KeyLive
      }
      loan {
        id
        returnedAt
        end
      }
      entry {
        id
        ...Movement
      }
    }
  }
`);

export const DeskFoundDocument = graphql(`
  mutation DeskFound($input: ReportKeyFoundInput!) {
    reportKeyFound(input: $input) {
      key {
        id
        ...KeyLive
      }
      entry {
        id
        ...Movement
      }
    }
  }
`);

/** Annuls a return, so that the loan goes on as if the key had stayed out. */
export const DeskAnnulDocument = graphql(`
  mutation DeskAnnul($input: CorrectMovementInput!) {
    correctMovement(input: $input) {
      entry {
        id
        ...Movement
      }
      loan {
        id
        returnedAt
        end
      }
      key {
        id
        ...KeyLive
      }
    }
  }
`);

/** What waits for the caller as the second person, the first page of it. */
export const DeskApprovalsDocument = graphql(`
  query DeskApprovals {
    approvals(filter: { states: [PENDING], mayDecide: true }, first: 20) {
      edges {
        node {
          id
          ...ApprovalLive
        }
      }
    }
  }
`);

export const DeskDecideDocument = graphql(`
  mutation DeskDecide($input: DecideApprovalInput!) {
    decideApproval(input: $input) {
      approval {
        id
        ...ApprovalLive
      }
      loans {
        id
        key {
          id
          ...KeyLive
        }
      }
      entries {
        id
        ...Movement
      }
    }
  }
`);

/** The cabinets and groups of a name, to be compared with it as a whole. */
export const DeskPlacesDocument = graphql(`
  query DeskPlaces($search: String!) {
    keys(filter: { search: $search }, first: 500) {
      edges {
        node {
          id
          cabinet
        }
      }
    }
    keyGroups(first: 500) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`);

export const DeskDifferenceFragment = graphql(`
  fragment DeskDifference on InventoryDifference {
    id
    number
    kind
    key {
      id
      label
      cabinet
      loan {
        id
        holder {
          id
          name
        }
      }
    }
  }
`);

export const DeskCountDocument = graphql(`
  mutation DeskCount($input: CountInventoryInput!) {
    countInventory(input: $input) {
      inventory {
        id
        foundCount
        expectedCount
        openCount
        differences(first: 500) {
          edges {
            node {
              id
              ...DeskDifference
            }
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

export const DeskSettleDocument = graphql(`
  mutation DeskSettle($input: ResolveDifferenceInput!) {
    resolveDifference(input: $input) {
      difference {
        id
        resolution
        resolvedAt
        resolvedBy {
          id
          name
        }
        key {
          id
          ...KeyLive
        }
      }
      entries {
        id
        ...Movement
      }
    }
  }
`);
