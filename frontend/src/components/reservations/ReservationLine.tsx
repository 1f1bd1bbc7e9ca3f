import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Instant } from '@/components/Instant';
import { ReservedMark } from '@/components/Marks';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { newId } from '@/lib/uuid';
import classes from './ReservationLine.module.css';
import type { ReservationRow } from './reservation';

const CancelReservationDocument = graphql(`
  mutation CancelReservation($input: CancelReservationInput!) {
    cancelReservation(input: $input) {
      reservations {
        id
        ...ReservationRow
      }
    }
  }
`);

interface ReservationLineProps {
  reservation: ReservationRow;
  /** Shows which key, where the list is not about one. */
  withKey?: boolean;
  changed(): void;
}

/** One reservation: from when to when, of what, for whom, and the way to cancel it. */
export function ReservationLine({ reservation, withKey = false, changed }: ReservationLineProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const mayReserve = useCan('KEYS_RESERVE');
  const [idempotencyKey] = useState(newId);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, cancel] = useMutation(CancelReservationDocument);
  const { key, holder } = reservation;

  const submit = async () => {
    setFailure(null);
    const answer = await cancel({ input: { reservation: reservation.id, idempotencyKey } });
    if (answer.error) return setFailure(failureOf(answer.error));
    const others = (answer.data?.cancelReservation.reservations.length ?? 1) - 1;
    announce(
      others > 0
        ? t('reservations.cancelledWithRing', { number: key.number, count: others })
        : t('reservations.cancelled', { number: key.number }),
    );
    changed();
  };
  return (
    <li className={classes.line}>
      <span className={classes.time}>
        <Instant at={reservation.from} /> – <Instant at={reservation.to} />
      </span>
      {withKey && (
        <span className={classes.key}>
          <Link {...paths.key(key.id)}>{key.number}</Link> <span>{key.label}</span>
        </span>
      )}
      <span className={classes.state}>
        <ReservedMark /> {t(`reservations.states.${reservation.state}`)}
      </span>
      <strong>{holder.name}</strong>
      <span className={classes.comment}>{reservation.comment}</span>
      {mayReserve && reservation.state === 'ACTIVE' && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          loading={fetching}
          onClick={submit}
          aria-label={t('reservations.cancelNamed', { number: key.number, name: holder.name })}
          title={key.ring ? t('reservations.cancelsRing', { ring: key.ring.name }) : undefined}
        >
          {t('reservations.cancel')}
        </Button>
      )}
      {failure && <FailureNotice failure={failure} />}
    </li>
  );
}
