import { ActionIcon } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import type { AlertLiveFragment } from '@/gql/graphql';
import { AlertStateChip, SeverityMark } from './AlertMarks';
import classes from './Alerts.module.css';

interface AlertRowProps {
  alert: AlertLiveFragment;
  open(): void;
}

export function AlertRow({ alert, open }: AlertRowProps) {
  const { t } = useTranslation();
  const title = alert.customRuleName ?? t(`alerts.rules.${alert.rule}`);
  const about = [
    alert.key && t('alerts.keyNumber', { number: alert.key.number }),
    alert.groupName,
    alert.person?.name,
  ];
  return (
    <li className={classes.row} data-state={alert.state}>
      <SeverityMark severity={alert.severity} />
      <span className={classes.what}>
        <strong>{title}</strong>
        <span className={classes.muted}>{about.filter(Boolean).join(' · ')}</span>
      </span>
      <span className={classes.count}>{t('alerts.times', { count: alert.evidenceCount })}</span>
      <span className={classes.time}>
        <Instant at={alert.lastAt} />
      </span>
      <AlertStateChip state={alert.state} />
      <ActionIcon
        className={classes.details}
        variant="subtle"
        color="gray"
        onClick={open}
        aria-label={t('alerts.details', { title })}
      >
        <IconListDetails size={17} stroke={1.7} />
      </ActionIcon>
    </li>
  );
}
