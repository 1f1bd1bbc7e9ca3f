import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { useMovements } from '@/components/movement/MovementFeed';
import { ReservationLine } from '@/components/reservations/ReservationLine';
import { ReservationRowFragment } from '@/components/reservations/reservation';
import { graphql, unmask } from '@/gql';
import type { DayReservationsQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import type { Bounds } from '@/lib/time/calendar';
import { useSoon } from '@/lib/useSoon';
import type { DayFilter } from './DayPanel';
import classes from './DayPanel.module.css';

const DayReservationsDocument = graphql(`
  query DayReservations($filter: ReservationFilter!, $first: Int!, $after: Cursor) {
    reservations(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          ...ReservationRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: DayReservationsQuery) => data.reservations.pageInfo;

/** Reservations that lie across some bounds and are still to be used, as far as the filter lets them through. */
export function useReservationsWithin(bounds: Bounds, filter: DayFilter) {
  const pages = usePages(
    DayReservationsDocument,
    { filter: { from: bounds.from, to: bounds.to, group: filter.group ?? null }, first: 100 },
    endOf,
  );
  useMovements(useSoon(pages.refresh, 400));
  const rows = pages.pages
    .flatMap((page) => page.reservations.edges.map(({ node }) => unmask(ReservationRowFragment, node)))
    .filter(({ key, state }) => state === 'ACTIVE' && (!filter.building || key.building === filter.building));
  return { ...pages, rows };
}

/** Who has reserved what for a day; nothing when nobody has. */
export function DayReservations({ reserved }: { reserved: ReturnType<typeof useReservationsWithin> }) {
  const { t } = useTranslation();
  if (reserved.error) return <FailureNotice failure={failureOf(reserved.error)} retry={reserved.refresh} />;
  if (reserved.rows.length === 0 && !reserved.hasMore) return null;
  return (
    <>
      <h3 className={classes.subtitle}>{t('calendar.reservedHeading', { count: reserved.rows.length })}</h3>
      <ul className={classes.list} aria-label={t('calendar.reservedList')}>
        {reserved.rows.map((reservation) => (
          <ReservationLine
            key={reservation.id}
            reservation={reservation}
            withKey
            changed={reserved.refresh}
          />
        ))}
      </ul>
      {reserved.hasMore && (
        <Button className={classes.more} variant="default" onClick={reserved.more} loading={reserved.loading}>
          {t('common.more')}
        </Button>
      )}
    </>
  );
}
