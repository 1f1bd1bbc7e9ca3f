import { graphql, unmask } from '@/gql';
import type { LogFilter, TimelineFeedStartQuery, TimelineFeedSubscription } from '@/gql/graphql';
import { type EntryFeed, useEntryFeed } from '@/lib/graphql/useEntryFeed';
import { type TimelineEntry, TimelineEntryFragment } from './TimelineRow';

const FeedStartDocument = graphql(`
  query TimelineFeedStart {
    timeline(first: 1) {
      edges {
        node {
          id
          cursor
        }
      }
    }
  }
`);

const TimelineFeedDocument = graphql(`
  subscription TimelineFeed($after: Cursor, $filter: LogFilter) {
    timelineFeed(after: $after, filter: $filter) {
      id
      cursor
      ...TimelineEntry
    }
  }
`);

const feed: EntryFeed<TimelineFeedStartQuery, TimelineFeedSubscription, TimelineEntry> = {
  start: FeedStartDocument,
  cursorIn: (start) => start.timeline.edges[0]?.node.cursor,
  feed: TimelineFeedDocument,
  entryIn: (data) => unmask(TimelineEntryFragment, data.timelineFeed),
};

/** Owns the subscription to entries that pass a filter: from the newest entry known onwards; null follows nothing. */
export function useTimelineFeed(filter: LogFilter | null, arrived: (entry: TimelineEntry) => void): void {
  useEntryFeed(feed, filter, arrived);
}
