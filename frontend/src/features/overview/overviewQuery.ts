import { graphql } from '@/gql';

export const TimeCountsFragment = graphql(`
  fragment TimeCounts on LogCounts {
    total
    truncated
    counts {
      key
      at
      total
    }
  }
`);

export const KindCountsFragment = graphql(`
  fragment KindCounts on LogCounts {
    others
    counts {
      key
      total
      title
      person {
        id
        name
      }
    }
  }
`);

export const OverviewDocument = graphql(`
  query Overview($filter: LogFilter!, $timeZone: String!, $hours: Boolean!) {
    day: logCounts(filter: $filter, by: DAY, timeZone: $timeZone) {
      ...TimeCounts
    }
    hour: logCounts(filter: $filter, by: HOUR, timeZone: $timeZone) @include(if: $hours) {
      ...TimeCounts
    }
    actor: logCounts(filter: $filter, by: PERSON, timeZone: $timeZone) {
      ...KindCounts
    }
    action: logCounts(filter: $filter, by: ACTION, timeZone: $timeZone) {
      ...KindCounts
    }
    module: logCounts(filter: $filter, by: MODULE, timeZone: $timeZone) {
      ...KindCounts
    }
    outcome: logCounts(filter: $filter, by: OUTCOME, timeZone: $timeZone) {
      ...KindCounts
    }
  }
`);
