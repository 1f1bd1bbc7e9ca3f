import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconBell,
  IconCheck,
  IconEye,
  IconInfoCircle,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AlertSeverity, AlertState } from '@/gql/graphql';
import classes from './Alerts.module.css';

const severityIcons = {
  INFO: IconInfoCircle,
  NOTICE: IconInfoCircle,
  WARNING: IconAlertTriangle,
  CRITICAL: IconAlertOctagon,
} satisfies Record<AlertSeverity, unknown>;

const stateIcons = {
  OPEN: IconBell,
  ACKNOWLEDGED: IconEye,
  RESOLVED: IconCheck,
} satisfies Record<AlertState, unknown>;

/** How much attention an alert deserves: a mark, a word and a colour. */
export function SeverityMark({ severity }: { severity: AlertSeverity }) {
  const { t } = useTranslation();
  const Icon = severityIcons[severity];
  return (
    <span className={classes.severity} data-severity={severity}>
      <Icon size={16} stroke={1.9} aria-hidden="true" />
      {t(`alerts.severities.${severity}`)}
    </span>
  );
}

/** How far somebody took care of an alert. */
export function AlertStateChip({ state }: { state: AlertState }) {
  const { t } = useTranslation();
  const Icon = stateIcons[state];
  return (
    <span className={classes.state} data-state={state}>
      <Icon size={13} stroke={2.2} aria-hidden="true" />
      {t(`alerts.states.${state}`)}
    </span>
  );
}
