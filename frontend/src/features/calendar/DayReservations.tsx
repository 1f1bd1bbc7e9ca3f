import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { useMovements } from '@/components/movement/MovementFeed';
import { ReservationLine } from '@/components/reservations/ReservationLine';
import { ReservationRowFragment } from '@/components/reservations/reservation';
import { graphql, unmask } from '@/gql';
import type { DayReservationsQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { useSession } from '@/lib/session/session';
import { dayBounds } from '@/lib/time/calendar';
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

/** Who has reserved what for a day. */
export function DayReservations({ day, filter }: { day: string; filter: DayFilter }) {
  const { t } = useTranslation();
  const { timeZone } = useSession().server;
  const bounds = useMemo(() => dayBounds(day, timeZone), [day, timeZone]);
  const pages = usePages(
    DayReservationsDocument,
    { filter: { from: bounds.from, to: bounds.to, group: filter.group ?? null }, first: 100 },
    endOf,
  );
  useMovements(useSoon(pages.refresh, 400));
  const reservations = pages.pages
    .flatMap((page) => page.reservations.edges.map(({ node }) => unmask(ReservationRowFragment, node)))
    .filter(({ key, state }) => state === 'ACTIVE' && (!filter.building || key.building === filter.building));
  if (pages.error) return <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />;
  if (reservations.length === 0 && !pages.hasMore) return null;
  return (
    <>
      <h3 className={classes.subtitle}>{t('calendar.reservedHeading', { count: reservations.length })}</h3>
      <ul className={classes.list} aria-label={t('calendar.reservedList')}>
        {reservations.map((reservation) => (
          <ReservationLine key={reservation.id} reservation={reservation} withKey changed={pages.refresh} />
        ))}
      </ul>
      {pages.hasMore && (
        <Button className={classes.more} variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
    </>
  );
}
