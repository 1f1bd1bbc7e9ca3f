import { graphql } from '@/gql';
import type { PersonDetailsQuery } from '@/gql/graphql';

/** Everything that can be changed of a person, as it stands now. */
export const PersonDetailsDocument = graphql(`
  query PersonDetails($id: ID!) {
    person(id: $id) {
      id
      name
      employeeNumber
      badge
      company
      email
      phone
      validUntil
      language
      version
      department {
        id
        name
      }
      externalNames {
        source
        name
      }
      openLoans {
        id
      }
    }
  }
`);

export type PersonDetails = NonNullable<PersonDetailsQuery['person']>;
