import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { actions, isKnown } from '@/components/entry/actions';
import type { EntryTarget } from '@/components/entry/EntryDrawer';
import { DueMark, ReservedMark } from '@/components/Marks';
import { paths } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import { isWeekend } from '@/lib/time/calendar';
import classes from './WeekView.module.css';
import { mostRows, type WeekRow } from './week';

interface WeekColumnProps {
  day: string;
  column: number;
  today: string;
  /** Tab reaches its heading. */
  reachable: boolean;
  /** All that moved in the week is here. */
  complete: boolean;
  rows: readonly WeekRow[];
  open(entry: EntryTarget): void;
  openDay(): void;
}

/** One day of a week: its heading opens the day, its rows an entry or a key. */
export function WeekColumn(props: WeekColumnProps) {
  const { day, column, today, reachable, complete, rows, open, openDay } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const shown = rows.slice(0, mostRows);
  return (
    <section
      className={classes.column}
      aria-label={formats.longDay(day)}
      data-today={day === today || undefined}
      data-weekend={isWeekend(day) || undefined}
    >
      <button
        type="button"
        className={classes.heading}
        data-column={column}
        data-line={0}
        tabIndex={reachable ? 0 : -1}
        aria-current={day === today ? 'date' : undefined}
        onClick={openDay}
      >
        {formats.shortDay(day)}
      </button>
      {complete && rows.length === 0 && <p className={classes.none}>{t('calendar.weekNothing')}</p>}
      <ul className={classes.rows}>
        {shown.map((row, index) => (
          <li key={row.id}>
            <Row row={row} place={{ 'data-column': column, 'data-line': index + 1 }} open={open} />
          </li>
        ))}
      </ul>
      {rows.length > shown.length && (
        <button
          type="button"
          className={classes.more}
          data-column={column}
          data-line={mostRows + 1}
          tabIndex={-1}
          onClick={openDay}
        >
          {t('calendar.weekMore', { count: rows.length - shown.length })}
        </button>
      )}
    </section>
  );
}

interface RowProps {
  row: WeekRow;
  place: { 'data-column': number; 'data-line': number };
  open(entry: EntryTarget): void;
}

function Row({ row, place, open }: RowProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { what } = row;
  const words =
    what.kind === 'moved'
      ? isKnown(what.action)
        ? t(`actions.${what.action}`)
        : what.action
      : t(what.kind === 'due' ? 'movement.due' : 'states.RESERVED');
  const content = (
    <>
      <span className={classes.time}>{formats.time(row.at)}</span>
      <Mark row={row} />
      <strong>{row.number}</strong>
      <span className={classes.hidden}>{words}</span>
      <span className={classes.who}>{row.who}</span>
    </>
  );
  const title = [words, row.who].filter(Boolean).join(', ');
  if (what.kind === 'moved') {
    return (
      <button
        type="button"
        className={classes.row}
        title={title}
        tabIndex={-1}
        {...place}
        onClick={() => open({ kind: 'KeyLogEntry', seq: what.seq })}
      >
        {content}
      </button>
    );
  }
  return (
    <Link {...paths.key(what.key)} className={classes.row} title={title} tabIndex={-1} {...place}>
      {content}
    </Link>
  );
}

function Mark({ row: { what } }: { row: WeekRow }) {
  if (what.kind === 'moved') {
    if (!isKnown(what.action)) return null;
    const { icon: Icon, tone } = actions[what.action];
    return (
      <span className={classes.mark} data-tone={tone}>
        <Icon size={13} stroke={2.2} aria-hidden="true" />
      </span>
    );
  }
  return <span className={classes[what.kind]}>{what.kind === 'due' ? <DueMark /> : <ReservedMark />}</span>;
}
