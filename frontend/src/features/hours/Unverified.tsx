import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './Hours.module.css';

/** Marks hours that rest on a report for which nobody vouches. */
export function Unverified({ brief = false }: { brief?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={classes.unverified} title={t('hours.unverifiedExplained')}>
      <IconAlertTriangle size={13} aria-hidden="true" />
      <span className={brief ? classes.spoken : undefined}>{t('hours.unverified')}</span>
    </span>
  );
}
