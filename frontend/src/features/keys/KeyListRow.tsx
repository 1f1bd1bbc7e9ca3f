import { Button, Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import { StateChip } from '@/components/StateChip';
import { paths } from '@/lib/paths';
import classes from './KeyList.module.css';
import { deskAction, type KeyRow, placeOf } from './keyRow';
import { WaitingChip } from './WaitingChip';
import type { Waiting } from './waiting';

interface KeyListRowProps {
  row: KeyRow;
  /** An issue of it that waits for a second person. */
  waiting: Waiting | undefined;
  index: number;
  /** Pixels from the list's beginning. */
  top: number;
  /** The one row that Tab reaches. */
  active: boolean;
  selected: boolean;
  selectable: boolean;
  toggle(key: KeyRow): void;
  act(key: KeyRow): void;
  reached(id: string): void;
}

export const KeyListRow = memo(function KeyListRow(props: KeyListRowProps) {
  const { row, waiting, index, top, active, selected, selectable, toggle, act, reached } = props;
  const { t } = useTranslation();
  const action = deskAction(row);
  return (
    <div
      role="row"
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      data-key={row.id}
      aria-rowindex={index + 2}
      aria-selected={selectable ? selected : undefined}
      aria-label={t('keys.row', { number: row.number, label: row.label, state: t(`states.${row.state}`) })}
      tabIndex={active ? 0 : -1}
      onFocus={() => reached(row.id)}
    >
      <Cell name="select">
        {selectable && (
          <Checkbox
            size="xs"
            checked={selected}
            onChange={() => toggle(row)}
            aria-label={t('keys.select', { number: row.number })}
            tabIndex={-1}
          />
        )}
      </Cell>
      <Cell name="number">
        <Link {...paths.key(row.id)} tabIndex={-1}>
          {row.number}
        </Link>
      </Cell>
      <Cell name="label">{row.label}</Cell>
      <Cell name="place">{placeOf(row)}</Cell>
      <Cell name="state">
        <StateChip state={row.state} />
      </Cell>
      <Cell name="holder">
        {waiting && !row.loan && <WaitingChip waiting={waiting} />}
        {row.loan && (
          <>
            <span className={classes.name}>{row.loan.holder.name}</span>
            <span className={classes.since}>
              {t('keys.since')} <Instant at={row.loan.issuedAt} />
            </span>
            {row.loan.dueAt && (
              <span className={classes.dueHere}>
                {t('movement.due')} <Instant at={row.loan.dueAt} />
              </span>
            )}
          </>
        )}
      </Cell>
      <Cell name="due">{row.loan?.dueAt && <Instant at={row.loan.dueAt} />}</Cell>
      <Cell name="action">
        {selectable && action && (
          <Button
            size="compact-sm"
            variant={action === 'issue' ? 'light' : 'default'}
            onClick={() => act(row)}
            aria-label={t(`keys.${action}Key`, { number: row.number })}
            tabIndex={-1}
          >
            {t(`keys.${action}`)}
          </Button>
        )}
      </Cell>
    </div>
  );
});

type ColumnName = 'select' | 'number' | 'label' | 'place' | 'state' | 'holder' | 'due' | 'action';

function Cell({ name, children }: { name: ColumnName; children: React.ReactNode }) {
  return (
    <div role="gridcell" className={classes[name]}>
      {children}
    </div>
  );
}
