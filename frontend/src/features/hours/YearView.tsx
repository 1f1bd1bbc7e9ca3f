import { Link } from '@tanstack/react-router';
import { type CSSProperties, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { failureOf } from '@/lib/graphql/failure';
import { paths } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import { sumOf } from './grid';
import classes from './Hours.module.css';
import { type HeatDay, type HeatMonth, type Level, levelEnds, monthsOf } from './heat';
import { periodOf } from './period';
import { Unverified } from './Unverified';
import { useDuration } from './useDuration';
import { useHours } from './useHours';

/** The reader's own year: a number and a colour for each day that he worked. */
export function YearView({ day, me }: { day: string; me: string }) {
  const { t } = useTranslation();
  const duration = useDuration();
  const list = useHours({ person: me, department: null }, periodOf('year', day), 'DAY');
  const months = useMemo(() => monthsOf(day.slice(0, 4), list.rows), [day, list.rows]);
  if (list.error) return <FailureNotice failure={failureOf(list.error)} retry={list.refresh} />;
  if (!list.complete) return <SkeletonRows rows={8} />;
  const sum = sumOf(list.rows);
  return (
    <>
      {list.rows.length === 0 ? (
        <EmptyState title={t('hours.year.none')} explanation={t('hours.noneExplained')} />
      ) : (
        <>
          <p className={classes.sums}>
            <b>{t('hours.realHours', { count: sum.realHours })}</b>
            <span className={classes.muted}>
              {duration(sum.workingMinutes)} · {t('hours.year.days', { count: list.rows.length })}
            </span>
            {sum.unverified && <Unverified />}
          </p>
          <Legend />
          <div className={classes.year}>
            {months.map((month) => (
              <Month key={month.first} month={month} me={me} />
            ))}
          </div>
        </>
      )}
      <p className={classes.note}>{t('hours.year.explained')}</p>
      <p className={classes.note}>{t('hours.realExplained')}</p>
    </>
  );
}

function Month({ month, me }: { month: HeatMonth; me: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const duration = useDuration();
  const name = formats.month(month.first);
  return (
    <section aria-label={name}>
      <h3>
        <Link {...paths.hours({ by: 'month', day: month.first, person: me })}>{name}</Link>
      </h3>
      <p>
        {month.worked === 0
          ? t('hours.nothing')
          : `${t('hours.realHours', { count: month.sum.realHours })} · ${duration(month.sum.workingMinutes)}`}
      </p>
      <ol className={classes.month} style={{ '--weekday': month.weekday } as CSSProperties}>
        {month.days.map((one) => (
          <Day key={one.day} {...one} />
        ))}
      </ol>
    </section>
  );
}

function Day({ day, hours, level }: HeatDay) {
  const { t } = useTranslation();
  const formats = useFormats();
  const duration = useDuration();
  const words = hours
    ? [
        t('hours.realHours', { count: hours.realHours }),
        duration(hours.workingMinutes),
        hours.estimatedMinutes > 0 && t('hours.estimatedOf', { duration: duration(hours.estimatedMinutes) }),
        hours.unverified && t('hours.unverified'),
      ]
    : [t('hours.nothing')];
  const spoken = [formats.dayOfMonth(day), ...words].filter(Boolean).join(' · ');
  return (
    <li
      className={classes.heat}
      data-level={level}
      data-estimated={Boolean(hours?.estimatedMinutes) || undefined}
      data-unverified={hours?.unverified || undefined}
      title={spoken}
    >
      <span className={classes.spoken}>{spoken}</span>
      {level > 0 && <span aria-hidden="true">{hours?.realHours}</span>}
    </li>
  );
}

function Legend() {
  const { t } = useTranslation();
  const levels = [
    ...levelEnds.map((end) => t('hours.year.upTo', { most: end })),
    t('hours.year.more', { least: levelEnds[2] + 1 }),
  ];
  return (
    <ul className={classes.legend} aria-label={t('hours.year.legend')}>
      <li aria-hidden="true">{t('hours.year.legend')}</li>
      {levels.map((name, place) => (
        <li key={name}>
          <i className={classes.heat} data-level={(place + 1) as Level} aria-hidden="true" />
          {name}
        </li>
      ))}
      <li>
        <i className={classes.heat} data-estimated aria-hidden="true" />
        {t('hours.estimated')}
      </li>
      <li>
        <i className={classes.heat} data-unverified aria-hidden="true" />
        {t('hours.unverified')}
      </li>
    </ul>
  );
}
