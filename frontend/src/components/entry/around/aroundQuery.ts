import { graphql } from '@/gql';

/** What of an entry leads to what is around it. */
export const CentreDocument = graphql(`
  query EntryCentre($seq: Int64!) {
    entry(seq: $seq) {
      __typename
      id
      seq
      stream
      occurredAt
      source
      actor {
        id
        name
      }
      entity {
        type
        id
        label
      }
      ... on KeyLogEntry {
        holder {
          id
          name
        }
      }
      ... on WorkEntry {
        person {
          id
          name
        }
      }
      ... on ActivityEntry {
        bulkId
      }
    }
  }
`);

export const NearDocument = graphql(`
  query EntriesAround($filter: LogFilter!, $first: Int!) {
    timeline(filter: $filter, first: $first) {
      edges {
        node {
          __typename
          id
          seq
          occurredAt
          action
          entity {
            type
            id
            label
          }
          ... on ActivityEntry {
            actionTitle
            bulkId
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const KeysThenDocument = graphql(`
  query KeysHeldThen($holder: ID!, $at: Time!) {
    loans(filter: { holder: $holder, heldAt: $at }, first: 50) {
      edges {
        node {
          id
          issuedAt
          key {
            id
            number
            label
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const SignInsThenDocument = graphql(`
  query SignInsBefore($person: ID!, $before: Time!) {
    authLog(filter: { person: $person, to: $before }, first: 20) {
      edges {
        node {
          id
          seq
          action
          occurredAt
          device
          location
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const WorkThenDocument = graphql(`
  query WorkThen($person: ID!, $date: Date!) {
    workDays(date: $date, filter: { person: $person }, first: 1) {
      edges {
        node {
          spans {
            from
            to
            estimated
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
