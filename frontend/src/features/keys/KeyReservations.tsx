import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { useMovements } from '@/components/movement/MovementFeed';
import { MovementFragment } from '@/components/movement/movement';
import { ReservationLine } from '@/components/reservations/ReservationLine';
import { ReservationRowFragment } from '@/components/reservations/reservation';
import { graphql, unmask } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { useCan } from '@/lib/session/session';
import { useSoon } from '@/lib/useSoon';
import classes from './KeyPage.module.css';
import { ReserveDialog } from './ReserveDialog';

const KeyReservationsDocument = graphql(`
  query KeyReservations($id: ID!) {
    key(id: $id) {
      id
      reservations {
        id
        ...ReservationRow
      }
    }
  }
`);

interface KeyReservationsProps {
  keyId: string;
  number: string;
  usable: boolean;
}

/** Who has reserved a key from now on, and the way to reserve it. */
export function KeyReservations({ keyId, number, usable }: KeyReservationsProps) {
  const { t } = useTranslation();
  const mayReserve = useCan('KEYS_RESERVE');
  const [reserving, setReserving] = useState(false);
  const [{ data, error }, ask] = useQuery({
    query: KeyReservationsDocument,
    variables: { id: keyId },
    requestPolicy: 'cache-and-network',
  });
  const refresh = useSoon(() => ask({ requestPolicy: 'network-only' }), 200);
  useMovements((entry) => {
    if (unmask(MovementFragment, entry).key?.id === keyId) refresh();
  });
  const ahead = (data?.key?.reservations ?? [])
    .map((each) => unmask(ReservationRowFragment, each))
    .filter(({ state }) => state === 'ACTIVE');
  if (ahead.length === 0 && !(mayReserve && usable)) return null;
  return (
    <section className={classes.section} aria-labelledby="reservations">
      <div className={classes.sectionHead}>
        <h2 id="reservations">{t('reservations.title')}</h2>
        {mayReserve && usable && (
          <Button variant="default" size="xs" onClick={() => setReserving(true)}>
            {t('reservations.reserve')}
          </Button>
        )}
      </div>
      {error && <FailureNotice failure={failureOf(error)} retry={refresh} />}
      <ul className={classes.list} aria-labelledby="reservations">
        {ahead.map((reservation) => (
          <ReservationLine key={reservation.id} reservation={reservation} changed={refresh} />
        ))}
      </ul>
      {reserving && (
        <ReserveDialog keyId={keyId} number={number} close={() => setReserving(false)} reserved={refresh} />
      )}
    </section>
  );
}
