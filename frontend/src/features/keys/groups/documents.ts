import { graphql } from '@/gql';
import type { GroupRulesFragment, KeyRingRowFragment } from '@/gql/graphql';

/** A group with its rules. */
export const GroupRulesFragmentDocument = graphql(`
  fragment GroupRules on KeyGroup {
    id
    name
    keyCount
    version
    curfew
    defaultLoan {
      minutes
      until
    }
    takers {
      role
      person {
        id
        name
      }
      department {
        id
        name
      }
      window {
        days
        from
        to
      }
    }
  }
`);

export const GroupsDocument = graphql(`
  query GroupsWithRules {
    keyGroups(first: 500) {
      edges {
        node {
          id
          ...GroupRules
        }
      }
    }
  }
`);

export const KeyRingRowFragmentDocument = graphql(`
  fragment KeyRingRow on KeyRing {
    id
    name
    version
    keys {
      id
      number
      label
    }
  }
`);

export const RingsDocument = graphql(`
  query Rings($first: Int!, $after: Cursor) {
    keyRings(first: $first, after: $after) {
      edges {
        node {
          id
          ...KeyRingRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const SaveGroupDocument = graphql(`
  mutation SaveKeyGroup($input: SaveKeyGroupInput!) {
    saveKeyGroup(input: $input) {
      keyGroup {
        id
        ...GroupRules
      }
    }
  }
`);

export const SaveRingDocument = graphql(`
  mutation SaveKeyRing($input: SaveKeyRingInput!) {
    saveKeyRing(input: $input) {
      keyRing {
        id
        ...KeyRingRow
      }
    }
  }
`);

export const DeleteRingDocument = graphql(`
  mutation DeleteKeyRing($input: DeleteKeyRingInput!) {
    deleteKeyRing(input: $input) {
      keyRing
    }
  }
`);

export type Group = GroupRulesFragment;
export type Ring = KeyRingRowFragment;
