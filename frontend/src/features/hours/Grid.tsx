import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import type { Worker } from './CorrectDialog';
import { type GridRow, type HoursCell, hasWork, sumOf } from './grid';
import classes from './Hours.module.css';
import type { Days } from './period';
import { Unverified } from './Unverified';
import { useDuration } from './useDuration';

interface GridProps {
  columns: Days[];
  rows: GridRow[];
  /** How many rows are shown; the sums are of all. */
  most: number;
  narrow(person: string): void;
  correct?: (worker: Worker) => void;
}

/** People and days, or people and weeks; a card a person on a phone. */
export function Grid({ columns, rows, most, narrow, correct }: GridProps) {
  const { t } = useTranslation();
  const names = useColumnNames(columns);
  const style = { '--columns': columns.length } as CSSProperties;
  return (
    <div
      className={classes.grid}
      style={style}
      data-totals={columns.length === 0 || undefined}
      role="table"
      aria-labelledby="hours-period"
    >
      <div className={classes.head} role="row">
        <span role="columnheader">{t('hours.person')}</span>
        {names.map((name) => (
          <span role="columnheader" key={name}>
            {name}
          </span>
        ))}
        <span role="columnheader">{t('hours.total')}</span>
      </div>
      {rows.slice(0, most).map((row) => (
        <div className={classes.line} role="row" key={row.person.id}>
          <span className={classes.person} role="rowheader">
            <Name row={row} narrow={narrow} {...(correct && { correct })} />
          </span>
          <Cells names={names} cells={row.cells} total={row.total} />
        </div>
      ))}
      {rows.length > 1 && (
        <div className={classes.line} data-sum role="row">
          <span className={classes.person} role="rowheader">
            {t('hours.total')}
          </span>
          <Cells
            names={names}
            cells={columns.map((_, place) => sumOf(rows.map(({ cells }) => cells[place] ?? null)))}
            total={sumOf(rows.map(({ total }) => total))}
          />
        </div>
      )}
    </div>
  );
}

function useColumnNames(columns: Days[]): string[] {
  const { t } = useTranslation();
  const formats = useFormats();
  return columns.map(({ from, to }) =>
    from === to
      ? formats.shortDay(from)
      : t('hours.weekOf', { from: formats.dayOfMonth(from), to: formats.dayOfMonth(to) }),
  );
}

function Name({
  row: { person },
  narrow,
  correct,
}: Pick<GridProps, 'narrow' | 'correct'> & { row: GridRow }) {
  const { t } = useTranslation();
  const me = useSession().person.id;
  return (
    <>
      <UnstyledButton
        className={classes.name}
        onClick={() => narrow(person.id)}
        title={t('hours.onlyHim', { name: person.name })}
      >
        {person.name}
      </UnstyledButton>
      {correct && person.id !== me && (
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={() => correct(person)}
          aria-label={t('hours.correct.of', { name: person.name })}
        >
          <IconPencil size={16} stroke={1.7} aria-hidden="true" />
        </ActionIcon>
      )}
    </>
  );
}

interface CellsProps {
  names: string[];
  cells: (HoursCell | null)[];
  total: HoursCell;
}

function Cells({ names, cells, total }: CellsProps) {
  const { t } = useTranslation();
  const unseen = hasWork(total) && !cells.some((cell) => cell && hasWork(cell));
  const nothing = unseen ? t('hours.unseen') : t('hours.nothing');
  return (
    <>
      {names.map((name, place) => (
        <Cell key={name} name={name} hours={cells[place] ?? null} nothing={nothing} />
      ))}
      <Cell name={t('hours.total')} hours={total} nothing={t('hours.nothing')} />
    </>
  );
}

interface CellProps {
  name: string;
  hours: HoursCell | null;
  /** What it means that there are none. */
  nothing: string;
}

function Cell({ name, hours, nothing }: CellProps) {
  const { t } = useTranslation();
  const duration = useDuration();
  const empty = !hours || !hasWork(hours);
  const estimated = hours && hours.estimatedMinutes > 0;
  return (
    <span className={classes.cell} role="cell" data-empty={empty || undefined}>
      <span className={classes.cellName} aria-hidden="true">
        {name}
      </span>
      {empty ? (
        <>
          <span aria-hidden="true" title={nothing}>
            –
          </span>
          <span className={classes.spoken}>{nothing}</span>
        </>
      ) : (
        <>
          <b title={t('hours.realHours', { count: hours.realHours })}>
            <span aria-hidden="true">{hours.realHours}</span>
            <span className={classes.spoken}>{t('hours.realHours', { count: hours.realHours })}</span>
          </b>
          <span className={classes.muted}>{duration(hours.workingMinutes)}</span>
          {estimated && (
            <span className={classes.muted} title={t('hours.estimated')}>
              {t('hours.estimatedOf', { duration: duration(hours.estimatedMinutes) })}
            </span>
          )}
          {hours.unverified && <Unverified brief />}
        </>
      )}
    </span>
  );
}
