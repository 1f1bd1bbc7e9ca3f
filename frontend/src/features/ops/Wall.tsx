import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionMark } from '@/components/entry/ActionMark';
import { type Formats, formatsFor } from '@/lib/time/format';
import { minutesOverdue, staleSeconds, turnOf } from './age';
import { useRowsFitting } from './useRowsFitting';
import type { WallState } from './useWall';
import classes from './Wall.module.css';
import { WallStrip } from './WallStrip';

interface WallProps {
  wall: WallState;
  /** When it came, and now, on this machine's clock. */
  arrivedAt: number;
  now: number;
}

/** How many overdue keys are named at once, so that there is room for others. */
const overdueShown = 6;
/** How many rows are shown where the page may be as long as it likes. */
const loansShown = 14;
const movementsShown = 8;

/** What hangs out, what is late and what moved last, to be read from five metres. */
export function Wall({ wall, arrivedAt, now }: WallProps) {
  const { t, i18n } = useTranslation();
  const { timeZone } = wall.calendar;
  const formats = useMemo(
    () => formatsFor(i18n.resolvedLanguage ?? 'en', timeZone),
    [i18n.resolvedLanguage, timeZone],
  );
  const serverNow = Date.parse(wall.at) + (now - arrivedAt);
  const stale = staleSeconds(arrivedAt, now);
  const late = wall.loans.filter((loan) => loan.dueAt && Date.parse(loan.dueAt) <= serverNow);
  const others = wall.loans.filter((loan) => !late.includes(loan));
  const loans = useRowsFitting(loansShown - Math.min(late.length, overdueShown), others.length);
  const movements = useRowsFitting(movementsShown, wall.movements.length);
  return (
    <main className={classes.wall} data-mantine-color-scheme="dark">
      {stale !== null && (
        <p className={classes.stale} role="alert">
          {t('wall.stale', { count: stale })}
        </p>
      )}
      <header className={classes.head}>
        <h1>{wall.name}</h1>
        <dl className={classes.figures}>
          <Figure name={t('wall.out')} value={wall.out} tone="issued" />
          <Figure name={t('wall.overdue')} value={Math.max(wall.overdue, late.length)} tone="overdue" />
          <Figure name={t('wall.issuedToday')} value={wall.today.issued} tone="plain" />
          <Figure name={t('wall.returnedToday')} value={wall.today.returned} tone="returned" />
          <Figure name={t('wall.dueToday')} value={wall.today.due} tone="due" />
        </dl>
        <time className={classes.clock}>{formats.time(new Date(serverNow).toISOString())}</time>
      </header>
      <div className={classes.columns}>
        <section className={classes.out} aria-labelledby="wall-out">
          {late.length > 0 && (
            <ul className={`${classes.loans} ${classes.late}`} aria-label={t('wall.overdue')}>
              {turnOf(late, overdueShown, now).map((loan) => (
                <LoanLine key={loan.key} loan={loan} formats={formats} serverNow={serverNow} />
              ))}
            </ul>
          )}
          <h2 id="wall-out">{t('wall.outNow')}</h2>
          {wall.loans.length === 0 && <p className={classes.quiet}>{t('wall.allIn')}</p>}
          <ul className={`${classes.loans} ${classes.rest}`} ref={loans.list}>
            {turnOf(others, loans.fitting, now).map((loan) => (
              <LoanLine key={loan.key} loan={loan} formats={formats} serverNow={serverNow} />
            ))}
          </ul>
        </section>
        <section className={classes.side}>
          {wall.groups.length > 0 && <h2>{t('wall.groups')}</h2>}
          <ul className={classes.groups}>
            {wall.groups.map((group) => (
              <li key={group.id}>
                <span>{group.name}</span>
                <strong data-late={group.overdue > 0 || undefined}>{group.out}</strong>
                <span className={classes.quiet}>/ {group.keys}</span>
                <meter min={0} max={Math.max(1, group.keys)} value={group.out} aria-label={group.name} />
              </li>
            ))}
          </ul>
          <h2>{t('wall.last')}</h2>
          <ul className={`${classes.last} ${classes.rest}`} ref={movements.list}>
            {wall.movements.slice(0, movements.fitting).map((movement) => (
              <li key={movement.id}>
                <time>{formats.compact(movement.occurredAt, wall.today.date)}</time>
                <strong>{movement.number}</strong>
                <ActionMark action={movement.action} />
                <span>{movement.holder}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
      <WallStrip days={wall.calendar.days} today={wall.today.date} formats={formats} />
    </main>
  );
}

interface FigureProps {
  name: string;
  value: number;
  tone: 'issued' | 'overdue' | 'returned' | 'due' | 'plain';
}

function Figure({ name, value, tone }: FigureProps) {
  return (
    <div data-tone={value > 0 ? tone : 'plain'}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

interface LoanLineProps {
  loan: WallState['loans'][number];
  formats: Formats;
  serverNow: number;
}

function LoanLine({ loan, formats, serverNow }: LoanLineProps) {
  const { t } = useTranslation();
  const late = loan.dueAt ? minutesOverdue(loan.dueAt, serverNow) : 0;
  const overdue = loan.dueAt !== null && loan.dueAt !== undefined && Date.parse(loan.dueAt) <= serverNow;
  return (
    <li className={classes.loan}>
      <strong>{loan.number}</strong>
      <span>{[loan.label, loan.place].filter(Boolean).join(' · ')}</span>
      <span>{loan.holder}</span>
      <span className={classes.when}>
        {overdue
          ? t('wall.late', { length: formats.length(late) })
          : loan.dueAt
            ? t('wall.until', {
                time: formats.compact(loan.dueAt, formats.dateOf(new Date(serverNow).toISOString())),
              })
            : t('wall.open')}
      </span>
    </li>
  );
}
