import { useEffect, useMemo, useState } from 'react';
import { stringifyVariables, useClient, useQuery } from 'urql';
import { graphql } from '@/gql';
import type { CalendarFilter } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { useSession } from '@/lib/session/session';
import { stripDays } from '@/lib/time/calendar';

const CalendarDocument = graphql(`
  query Calendar($from: Date!, $days: Int!, $timeZone: String!, $filter: CalendarFilter) {
    calendar(from: $from, days: $days, timeZone: $timeZone, filter: $filter) {
      days {
        date
        issued
        returned
        reserved
        due
      }
    }
  }
`);

const CalendarFeedDocument = graphql(`
  subscription CalendarFeed($from: Date!, $days: Int!, $timeZone: String!, $filter: CalendarFilter) {
    calendarFeed(from: $from, days: $days, timeZone: $timeZone, filter: $filter) {
      days {
        date
        issued
        returned
        reserved
        due
      }
    }
  }
`);

export interface DayCounts {
  date: string;
  issued: number;
  returned: number;
  reserved: number;
  due: number;
}

export interface CalendarDays {
  /** Counts by day; empty until they are known. */
  counts: ReadonlyMap<string, DayCounts>;
  failure: Failure | null;
  retry(): void;
}

/** The strip's counts: asked for once and then kept current by the one subscription that this hook owns. */
export function useCalendarDays(from: string, filter: CalendarFilter): CalendarDays {
  const client = useClient();
  const { timeZone } = useSession().server;
  const key = stringifyVariables({ from, days: stripDays, timeZone, filter });
  const [live, setLive] = useState<{ key: string; days: DayCounts[] } | null>(null);
  const [{ data, error, stale }, ask] = useQuery({
    query: CalendarDocument,
    variables: { from, days: stripDays, timeZone, filter },
  });

  useEffect(() => {
    const feed = client.subscription(CalendarFeedDocument, JSON.parse(key)).subscribe(({ data: pushed }) => {
      if (pushed) setLive({ key, days: pushed.calendarFeed.days });
    });
    return feed.unsubscribe;
  }, [client, key]);

  const days = live?.key === key ? live.days : data?.calendar.days;
  const counts = useMemo(() => new Map(days?.map((day) => [day.date, day])), [days]);
  return {
    counts,
    failure: error && !stale ? failureOf(error) : null,
    retry: () => ask({ requestPolicy: 'network-only' }),
  };
}
