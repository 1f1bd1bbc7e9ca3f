import { graphql } from '@/gql';

export const DeskKeyFragment = graphql(`
  fragment DeskKey on Key {
    id
    number
    label
    state
    loan {
      id
      dueAt
      holder {
        id
        name
      }
      handover {
        id
        to {
          id
          name
        }
      }
    }
  }
`);

export const DeskPersonFragment = graphql(`
  fragment DeskPerson on Person {
    id
    name
    badge
    department {
      id
      name
    }
  }
`);

/** What a number may mean: the key in use, in capitals too since people type as they like, whoever has it as a badge, and people whose name holds it. */
export const DeskLookupDocument = graphql(`
  query DeskLookup($number: String!, $capitals: String!) {
    key(number: $number) {
      ...DeskKey
    }
    inCapitals: key(number: $capitals) {
      ...DeskKey
    }
    personsByBadge(badge: $number) {
      ...DeskPerson
    }
    people(search: $number, first: 8) {
      edges {
        node {
          ...DeskPerson
        }
      }
    }
  }
`);

export const DeskIssueDocument = graphql(`
  mutation DeskIssue($input: IssueKeysInput!) {
    issueKeys(input: $input) {
      loans {
        id
        dueAt
        key {
          id
          ...KeyLive
        }
      }
      entries {
        id
        ...Movement
      }
      approvals {
        id
        ...ApprovalLive
      }
    }
  }
`);

export const DeskReturnDocument = graphql(`
  mutation DeskReturn($input: ReturnKeysInput!) {
    returnKeys(input: $input) {
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
