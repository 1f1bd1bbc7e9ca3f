import { Button, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AlertSeverity, AlertState } from '@/gql/graphql';
import type { AlertsSearch } from '@/lib/paths';
import classes from './Alerts.module.css';

const states: readonly AlertState[] = ['OPEN', 'ACKNOWLEDGED', 'RESOLVED'];
const severities: readonly AlertSeverity[] = ['CRITICAL', 'WARNING', 'NOTICE'];

interface AlertFiltersProps {
  search: AlertsSearch;
  change(search: AlertsSearch): void;
}

/** Which alerts are listed; every choice stands in the address. */
export function AlertFilters({ search, change }: AlertFiltersProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.filters}>
      <fieldset className={classes.chips} aria-label={t('alerts.state')}>
        {states.map((state) => (
          <Chip
            key={state}
            pressed={search.states?.includes(state) ?? false}
            toggle={() => change({ states: toggled(search.states, state) })}
            label={t(`alerts.states.${state}`)}
          />
        ))}
      </fieldset>
      <fieldset className={classes.chips} aria-label={t('alerts.severity')}>
        {severities.map((severity) => (
          <Chip
            key={severity}
            pressed={search.severities?.includes(severity) ?? false}
            toggle={() => change({ severities: toggled(search.severities, severity) })}
            label={t(`alerts.severities.${severity}`)}
          />
        ))}
      </fieldset>
      {(search.states ?? search.severities) && (
        <Button
          variant="subtle"
          size="xs"
          onClick={() => change({ states: undefined, severities: undefined })}
        >
          {t('filters.clearAll')}
        </Button>
      )}
    </div>
  );
}

function Chip({ pressed, toggle, label }: { pressed: boolean; toggle(): void; label: string }) {
  return (
    <UnstyledButton className={classes.filter} aria-pressed={pressed} onClick={toggle}>
      {label}
    </UnstyledButton>
  );
}

/** The chosen ones with one more or one less; undefined rather than none. */
function toggled<Word>(chosen: Word[] | undefined, one: Word): Word[] | undefined {
  const next = chosen?.includes(one) ? chosen.filter((each) => each !== one) : [...(chosen ?? []), one];
  return next.length > 0 ? next : undefined;
}
