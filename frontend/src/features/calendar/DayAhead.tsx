import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { useSession } from '@/lib/session/session';
import { dayBounds } from '@/lib/time/calendar';
import type { DayFilter } from './DayPanel';
import { DayReservations, useReservationsWithin } from './DayReservations';
import { DueLoans, useDueLoans } from './DueLoans';

interface DayAheadProps {
  day: string;
  filter: DayFilter;
  /** Nothing else is shown for this day. */
  alone: boolean;
}

/** What today or a later day brings: what is due, and what is reserved. */
export function DayAhead({ day, filter, alone }: DayAheadProps) {
  const { t } = useTranslation();
  const { timeZone } = useSession().server;
  const bounds = useMemo(() => dayBounds(day, timeZone), [day, timeZone]);
  const due = useDueLoans(bounds, filter);
  const reserved = useReservationsWithin(bounds, filter);
  const empty = [due, reserved].every(
    (list) => list.pages.length > 0 && list.rows.length === 0 && !list.hasMore && !list.error,
  );
  if (alone && empty) return <EmptyState title={t('calendar.nothingAhead')} />;
  return (
    <>
      <DueLoans due={due} />
      <DayReservations reserved={reserved} />
    </>
  );
}
