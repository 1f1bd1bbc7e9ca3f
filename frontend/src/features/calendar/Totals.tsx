import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { useMovements } from '@/components/movement/MovementFeed';
import { graphql } from '@/gql';
import type { KeyState } from '@/gql/graphql';
import { useEvery } from '@/lib/every';
import { paths } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import { useCan } from '@/lib/session/session';
import { useSoon } from '@/lib/useSoon';
import classes from './Totals.module.css';
import type { DayCounts } from './useCalendarDays';

const KeyTotalsDocument = graphql(`
  query KeyTotals($filter: KeyFilter) {
    keys(filter: $filter, first: 1) {
      states {
        state
        count
      }
    }
  }
`);

interface TotalsProps {
  filter: { group: string | undefined; building: string | undefined };
  today: DayCounts | undefined;
}

/** Today's movements, and what is out at this moment. */
export function Totals({ filter, today }: TotalsProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const allowed = useCan('KEYS_VIEW');
  const [{ data }, ask] = useQuery({ query: KeyTotalsDocument, variables: { filter }, pause: !allowed });
  const refresh = useSoon(() => allowed && ask({ requestPolicy: 'network-only' }), 300);
  useMovements(refresh);
  useEvery(60_000, refresh); // a key becomes overdue without any movement

  const inState = (state: KeyState) => data?.keys.states.find((each) => each.state === state)?.count ?? 0;
  const overdue = inState('OVERDUE');
  const shown = (value: number | undefined) => (value === undefined ? '–' : formats.number(value));
  return (
    <ul className={classes.totals} aria-label={t('totals.label')}>
      <li data-tone="issued">
        {t('totals.issued')} <b>{shown(today?.issued)}</b>
      </li>
      <li data-tone="returned">
        {t('totals.returned')} <b>{shown(today?.returned)}</b>
      </li>
      <li>
        <Link {...paths.keys({ ...filter, states: ['ISSUED', 'OVERDUE'] })}>
          {t('totals.out')} <b>{shown(data && inState('ISSUED') + overdue)}</b>
        </Link>
      </li>
      <li data-tone={overdue > 0 ? 'overdue' : undefined}>
        <Link {...paths.keys({ ...filter, states: ['OVERDUE'] })}>
          {t('totals.overdue')} <b>{shown(data && overdue)}</b>
        </Link>
      </li>
    </ul>
  );
}
