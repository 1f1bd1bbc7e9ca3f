import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { failureOf } from '@/lib/graphql/failure';
import { useCan } from '@/lib/session/session';
import { Grid } from './Grid';
import { rowsOf } from './grid';
import classes from './Hours.module.css';
import { columnsOf, type Days, periodOf } from './period';
import { useHours } from './useHours';
import type { ViewProps } from './view';

const rowsAtFirst = 100;

/** How much people worked in a week, by day, or in a month, by week. */
export function GridView({ view, ...shown }: ViewProps & { view: 'week' | 'month' }) {
  const mayDays = useCan('LOGS_WORK_VIEW');
  if (view === 'week' && !mayDays) return <WeekTotals {...shown} />;
  return <WholeGrid view={view} {...shown} />;
}

function WholeGrid({ view, day, filter, ...rest }: ViewProps & { view: 'week' | 'month' }) {
  const { t } = useTranslation();
  const period = periodOf(view, day);
  const columns = columnsOf(view, period);
  const totals = useHours(filter, period, view === 'week' ? 'WEEK' : 'MONTH');
  const parts = useHours(filter, period, view === 'week' ? 'DAY' : 'WEEK');
  return (
    <Shown columns={columns} totals={totals} parts={parts} {...rest}>
      {view === 'month' && <p className={classes.note}>{t('hours.monthExplained')}</p>}
    </Shown>
  );
}

function WeekTotals({ day, filter, ...rest }: ViewProps) {
  const { t } = useTranslation();
  const totals = useHours(filter, periodOf('week', day), 'WEEK');
  return (
    <Shown columns={[]} totals={totals} parts={totals} {...rest}>
      <p className={classes.note}>{t('hours.daysHidden')}</p>
    </Shown>
  );
}

type Hours = ReturnType<typeof useHours>;

interface ShownProps extends Omit<ViewProps, 'day' | 'filter'> {
  columns: Days[];
  totals: Hours;
  parts: Hours;
  children: React.ReactNode;
}

function Shown({ columns, totals, parts, recording, narrow, correct, children }: ShownProps) {
  const { t } = useTranslation();
  const [most, setMost] = useState(rowsAtFirst);
  const error = totals.error ?? parts.error;
  const retry = () => {
    totals.refresh();
    parts.refresh();
  };
  if (error) return <FailureNotice failure={failureOf(error)} retry={retry} />;
  if (!totals.complete || !parts.complete) return <SkeletonRows rows={8} />;
  if (totals.rows.length === 0 && !recording) return null;
  if (totals.rows.length === 0) {
    return <EmptyState title={t('hours.none')} explanation={t('hours.noneExplained')} />;
  }
  const rows = rowsOf(columns, totals.rows, parts.rows);
  return (
    <>
      <Grid columns={columns} rows={rows} most={most} narrow={narrow} {...(correct && { correct })} />
      {rows.length > most && (
        <Button className={classes.more} variant="default" onClick={() => setMost(most + rowsAtFirst)}>
          {t('hours.showMore')}
        </Button>
      )}
      {(totals.hasMore || parts.hasMore) && <p className={classes.note}>{t('hours.tooMany')}</p>}
      {children}
      <p className={classes.note}>{t('hours.realExplained')}</p>
    </>
  );
}
