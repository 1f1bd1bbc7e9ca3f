import { ActionIcon } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '@/lib/paths';
import { ActionMark } from '../entry/ActionMark';
import { Instant } from '../Instant';
import classes from './MovementRow.module.css';
import type { Movement } from './movement';

interface MovementRowProps {
  movement: Movement;
  /** Shows the day, too. */
  dated?: boolean;
  /** It arrived while the list was on screen. */
  fresh?: boolean;
  /** Slides in; otherwise it is there at once. */
  sliding?: boolean;
  open(movement: Movement): void;
}

/** One movement: when, which key, what, who, by whom, due, comment. */
export const MovementRow = memo(function MovementRow({
  movement,
  dated = false,
  fresh = false,
  sliding = false,
  open,
}: MovementRowProps) {
  const { t } = useTranslation();
  const { key, entity, holder, actor } = movement;
  const number = key?.number ?? entity?.label ?? '—';
  return (
    <li
      className={classes.row}
      data-fresh={fresh || undefined}
      data-sliding={sliding || undefined}
      data-row={movement.id}
    >
      <div className={classes.line} data-dated={dated || undefined}>
        <span className={classes.time}>
          <Instant at={movement.occurredAt} show={dated ? 'compact' : 'time'} />
        </span>
        <span className={classes.number}>{key ? <Link {...paths.key(key.id)}>{number}</Link> : number}</span>
        <span className={classes.label}>{key?.label}</span>
        <span className={classes.action}>
          <ActionMark action={movement.action} />
        </span>
        <span className={classes.people}>
          {holder && <strong>{holder.name}</strong>}
          {actor && <span className={classes.by}>{t('movement.by', { name: actor.name })}</span>}
        </span>
        <span className={classes.due}>
          {movement.dueAt && (
            <>
              {t('movement.due')} <Instant at={movement.dueAt} />
            </>
          )}
        </span>
        <span className={classes.comment} title={movement.comment ?? undefined}>
          {movement.comment && t('movement.quoted', { comment: movement.comment })}
        </span>
        <ActionIcon
          className={classes.details}
          variant="subtle"
          color="gray"
          onClick={() => open(movement)}
          aria-label={t('movement.details', { number, seq: movement.seq })}
        >
          <IconListDetails size={17} stroke={1.7} />
        </ActionIcon>
      </div>
    </li>
  );
});
