import { ActionIcon } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ActionMark } from '@/components/entry/ActionMark';
import { viewOf } from '@/components/entry/views';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { SystemRowEntryFragment } from '@/gql/graphql';
import classes from './SystemLog.module.css';

export const SystemEntryFragment = graphql(`
  fragment SystemRowEntry on SystemEntry {
    id
    seq
    action
    occurredAt
    actor {
      id
      name
    }
    entity {
      type
      id
      label
    }
  }
`);

interface SystemRowProps {
  entry: SystemRowEntryFragment;
  open(): void;
}

export function SystemRow({ entry, open }: SystemRowProps) {
  const { t } = useTranslation();
  const view = viewOf(entry.entity);
  return (
    <li className={classes.row}>
      <span className={classes.time}>
        <Instant at={entry.occurredAt} />
      </span>
      <span className={classes.action}>
        <ActionMark action={entry.action} />
      </span>
      <span className={classes.actor}>{entry.actor?.name ?? t('entry.keytrail')}</span>
      <span className={classes.about}>
        {view ? t(`views.${view}`) : entry.entity?.label || entry.entity?.id}
      </span>
      <ActionIcon
        className={classes.details}
        variant="subtle"
        color="gray"
        onClick={open}
        aria-label={t('signIns.details', { seq: entry.seq })}
      >
        <IconListDetails size={17} stroke={1.7} />
      </ActionIcon>
    </li>
  );
}
