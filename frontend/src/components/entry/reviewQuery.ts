import { graphql } from '@/gql';
import type { ReviewVerdict } from '@/gql/graphql';

/** What reviewers said of an entry last. */
export const ReviewedFragment = graphql(`
  fragment Reviewed on LogEntry {
    id
    review {
      state
      verdict
      note
      at
      by {
        id
        name
      }
    }
  }
`);

export const EntryReviewDocument = graphql(`
  query EntryReview($seq: Int64!) {
    entry(seq: $seq) {
      id
      ...Reviewed
    }
  }
`);

export const FlagEntriesDocument = graphql(`
  mutation FlagEntries($input: FlagEntriesInput!) {
    flagEntries(input: $input) {
      entries {
        id
        ...Reviewed
      }
    }
  }
`);

export const ReviewEntriesDocument = graphql(`
  mutation ReviewEntries($input: ReviewEntriesInput!) {
    reviewEntries(input: $input) {
      entries {
        id
        ...Reviewed
      }
    }
  }
`);

export const verdicts: readonly ReviewVerdict[] = ['EXPECTED', 'SUSPICIOUS', 'INCIDENT'];

/** How many entries are flagged or reviewed at a time. */
export const mostAtOnce = 500;
