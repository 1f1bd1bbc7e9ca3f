import { graphql, unmask } from '@/gql';
import type { LogFilter, SignInFeedStartQuery, SignInFeedSubscription } from '@/gql/graphql';
import { type EntryFeed, useEntryFeed } from '@/lib/graphql/useEntryFeed';
import { type SignIn, SignInFragment } from './SignInRow';

const FeedStartDocument = graphql(`
  query SignInFeedStart {
    authLog(first: 1) {
      edges {
        node {
          id
          cursor
        }
      }
    }
  }
`);

const SignInFeedDocument = graphql(`
  subscription SignInFeed($after: Cursor, $filter: LogFilter) {
    authFeed(after: $after, filter: $filter) {
      id
      cursor
      ...SignInEntry
    }
  }
`);

const feed: EntryFeed<SignInFeedStartQuery, SignInFeedSubscription, SignIn> = {
  start: FeedStartDocument,
  cursorIn: (start) => start.authLog.edges[0]?.node.cursor,
  feed: SignInFeedDocument,
  entryIn: (data) => unmask(SignInFragment, data.authFeed),
};

/** Owns the subscription to sign-ins that pass a filter: from the newest entry known onwards. */
export function useSignInFeed(filter: LogFilter, arrived: (entry: SignIn) => void): void {
  useEntryFeed(feed, filter, arrived);
}
