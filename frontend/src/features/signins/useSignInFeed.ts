import { useEffect, useRef } from 'react';
import { stringifyVariables, useClient } from 'urql';
import { graphql, unmask } from '@/gql';
import type { LogFilter } from '@/gql/graphql';
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

/** Owns the subscription to sign-ins that pass a filter: from the newest entry known onwards. */
export function useSignInFeed(filter: LogFilter, arrived: (entry: SignIn) => void): void {
  const client = useClient();
  const key = stringifyVariables(filter);
  const latest = useRef(arrived);
  useEffect(() => {
    latest.current = arrived;
  });
  useEffect(() => {
    let stop = () => {};
    let left = false;
    const start = async () => {
      const newest = await client.query(FeedStartDocument, {}, { requestPolicy: 'network-only' }).toPromise();
      if (left) return;
      const after = newest.data?.authLog.edges[0]?.node.cursor ?? null;
      stop = client
        .subscription(SignInFeedDocument, { after, filter: JSON.parse(key) })
        .subscribe(({ data }) => {
          if (data) latest.current(unmask(SignInFragment, data.authFeed));
        }).unsubscribe;
    };
    start();
    return () => {
      left = true;
      stop();
    };
  }, [client, key]);
}
