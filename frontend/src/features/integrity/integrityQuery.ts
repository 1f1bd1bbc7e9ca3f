import { graphql } from '@/gql';

/** Asked by the page, and again by the comparison with last time. */
export const IntegrityDocument = graphql(`
  query Integrity {
    integrity {
      checkpoint {
        ...CheckpointFields
      }
      ...IntegrityState
    }
  }
`);
