import { Tooltip } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { shownState } from '@/lib/graphql/connection';
import { useFormats } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import classes from './ConnectionState.module.css';

/** Whether what is on screen is kept up to date, and how old the last event is. */
export function ConnectionState() {
  const { t } = useTranslation();
  const { monitor, permissions } = useSession();
  const { online } = useNetwork();
  const formats = useFormats();
  const status = useSyncExternalStore(monitor.subscribe, monitor.snapshot);
  const now = useMachineClock();
  if (!permissions.has('LOGS_KEYS_VIEW')) return null;

  const state = shownState(status, online, now);
  const age =
    status.lastEvent === null
      ? t('connection.noEvent')
      : t('connection.lastEvent', { ago: formats.ago(Math.min(status.lastEvent, now), now) });
  return (
    <Tooltip label={t(`connection.explained.${state}`)} multiline maw={280}>
      <span className={classes.state} data-state={state}>
        <span className={classes.dot} aria-hidden="true" />
        <span role="status" aria-label={t('connection.label')}>
          {t(`connection.${state}`)}
        </span>
        <span className={classes.age}>{age}</span>
      </span>
    </Tooltip>
  );
}

/** This machine's clock, with which the monitor counts, too. */
function useMachineClock(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
