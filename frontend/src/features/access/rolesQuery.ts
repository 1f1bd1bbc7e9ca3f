import { graphql } from '@/gql';

export const RolesDocument = graphql(`
  query Roles {
    roles {
      name
      assignable
      grants {
        permission
        scope
      }
    }
  }
`);
