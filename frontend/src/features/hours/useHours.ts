import { useMemo } from 'react';
import { graphql } from '@/gql';
import type { HoursGridQuery, WorkPeriod } from '@/gql/graphql';
import type { Days } from './period';
import { useWhole } from './useWhole';
import type { WorkFilter } from './view';

const HoursGridDocument = graphql(`
  query HoursGrid($filter: WorkHoursFilter!, $by: WorkPeriod!, $first: Int!, $after: Cursor) {
    workHours(filter: $filter, by: $by, first: $first, after: $after) {
      person {
        id
        name
      }
      from
      workingMinutes
      realHours
      estimatedMinutes
      unverified
      cursor
    }
  }
`);

const pageSize = 500;
const endOf = ({ workHours }: HoursGridQuery) => ({
  hasNextPage: workHours.length === pageSize,
  endCursor: workHours.at(-1)?.cursor,
});

/** How much people worked in some days, added up by a period; every page of it, up to ten. */
export function useHours(filter: WorkFilter, { from, to }: Days, by: WorkPeriod) {
  const list = useWhole(HoursGridDocument, { filter: { ...filter, from, to }, by, first: pageSize }, endOf);
  const rows = useMemo(() => list.pages.flatMap((page) => page.workHours), [list.pages]);
  return { ...list, rows };
}
