import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './OfflineStripe.module.css';
import { useOffline } from './useOffline';

/** Across every page while the connection is lost: what is on it may be old, and nothing can be changed. */
export function OfflineStripe() {
  const { t } = useTranslation();
  const offline = useOffline();
  return (
    <div className={classes.place} role="alert">
      {offline && (
        <p className={classes.stripe}>
          <IconPlugConnectedX size={18} stroke={1.8} aria-hidden="true" />
          {t('connection.stripe')}
        </p>
      )}
    </div>
  );
}
