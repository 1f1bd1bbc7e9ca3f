import { ActionIcon } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionMark } from '@/components/entry/ActionMark';
import { Reason } from '@/components/entry/Reason';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { SignInEntryFragment } from '@/gql/graphql';
import classes from './SignIns.module.css';

export const SignInFragment = graphql(`
  fragment SignInEntry on AuthEntry {
    id
    seq
    cursor
    action
    occurredAt
    outcome
    source
    username
    reason
    ip
    userAgent
    device
    location
    actor {
      id
      name
    }
    entity {
      type
      label
    }
  }
`);

export type SignIn = SignInEntryFragment;

interface SignInRowProps {
  entry: SignIn;
  fresh?: boolean;
  open(entry: SignIn): void;
}

export const SignInRow = memo(function SignInRow({ entry, fresh = false, open }: SignInRowProps) {
  const { t } = useTranslation();
  return (
    <li className={classes.row} data-fresh={fresh || undefined} data-outcome={entry.outcome}>
      <span className={classes.time}>
        <Instant at={entry.occurredAt} />
      </span>
      <span className={classes.action}>
        <ActionMark action={entry.action} />
      </span>
      <span className={classes.person}>
        <strong>{entry.actor?.name ?? entry.username ?? programOf(entry) ?? t('signIns.nobody')}</strong>
        {entry.source !== 'keytrail' && <span className={classes.muted}>{entry.source}</span>}
        {entry.actor && entry.username && <span className={classes.muted}>{entry.username}</span>}
      </span>
      <span className={classes.reason}>
        {t(`outcomes.${entry.outcome}`)}
        {entry.reason && (
          <>
            {' · '}
            <Reason code={entry.reason} />
          </>
        )}
      </span>
      <span className={classes.ip} title={entry.location ?? undefined}>
        {entry.ip}
      </span>
      <span className={classes.program} title={entry.userAgent ?? undefined}>
        {[entry.device, entry.location].filter(Boolean).join(' · ')}
      </span>
      <ActionIcon
        className={classes.details}
        variant="subtle"
        color="gray"
        onClick={() => open(entry)}
        aria-label={t('signIns.details', { seq: entry.seq })}
      >
        <IconListDetails size={17} stroke={1.7} />
      </ActionIcon>
    </li>
  );
});

/** The name of the token, where the entry is of a program that came with one. */
function programOf({ entity }: SignIn): string | undefined {
  return entity?.type === 'apiToken' ? entity.label || undefined : undefined;
}
