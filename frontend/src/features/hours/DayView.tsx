import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { graphql } from '@/gql';
import type { WorkDaysQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { useSession } from '@/lib/session/session';
import { hourMarks } from './bars';
import { DayRow } from './DayRow';
import classes from './Hours.module.css';
import { useWhole } from './useWhole';
import type { ViewProps } from './view';

const WorkDaysDocument = graphql(`
  query WorkDays($date: Date!, $filter: WorkerFilter!, $first: Int!, $after: Cursor) {
    workDays(date: $date, filter: $filter, first: $first, after: $after) {
      edges {
        node {
          person {
            id
            name
            department {
              id
              name
            }
          }
          date
          startsAt
          endsAt
          spans {
            from
            to
            estimated
            corrected
          }
          blocks
          workingMinutes
          realHours
          estimatedMinutes
          unverified
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type WorkDayRow = WorkDaysQuery['workDays']['edges'][number]['node'];

const endOf = (data: WorkDaysQuery) => data.workDays.pageInfo;
const marksEvery = 3;

/** When people worked on a day: a row each, with a bar from midnight to midnight. */
export function DayView({ day, filter, recording, narrow, correct }: ViewProps) {
  const { t } = useTranslation();
  const { server } = useSession();
  const list = useWhole(WorkDaysDocument, { date: day, filter, first: 100 }, endOf);
  const rows = list.pages
    .flatMap((page) => page.workDays.edges.map(({ node }) => node))
    .toSorted((a, b) => a.person.name.localeCompare(b.person.name));
  if (list.error && rows.length === 0) {
    return <FailureNotice failure={failureOf(list.error)} retry={list.refresh} />;
  }
  if (list.pages.length === 0) return <SkeletonRows rows={8} />;
  if (rows.length === 0 && !recording) return null;
  if (rows.length === 0) {
    return <EmptyState title={t('hours.none')} explanation={t('hours.noneExplained')} />;
  }
  return (
    <>
      {list.error && <FailureNotice failure={failureOf(list.error)} retry={list.refresh} />}
      <Legend />
      <div className={classes.axis} aria-hidden="true">
        {hourMarks(day, server.timeZone, marksEvery).map(({ hour, at }) => (
          <span key={hour} style={{ left: `${at * 100}%` }}>
            {String(hour).padStart(2, '0')}
          </span>
        ))}
      </div>
      <ul className={classes.days} aria-labelledby="hours-period">
        {rows.map((row) => (
          <DayRow key={row.person.id} row={row} narrow={narrow} {...(correct && { correct })} />
        ))}
      </ul>
      {list.complete && list.hasMore && <p className={classes.note}>{t('hours.tooMany')}</p>}
      <p className={classes.note}>{t('hours.realExplained')}</p>
    </>
  );
}

function Legend() {
  const { t } = useTranslation();
  return (
    <ul className={classes.legend} aria-label={t('hours.legend')}>
      <li>
        <i className={classes.span} aria-hidden="true" />
        {t('hours.working')}
      </li>
      <li>
        <i className={classes.span} data-estimated aria-hidden="true" />
        {t('hours.estimated')}
      </li>
      <li>
        <i className={classes.span} data-corrected aria-hidden="true" />
        {t('hours.corrected')}
      </li>
      <li>
        <i className={classes.block} aria-hidden="true" />
        {t('hours.block')}
      </li>
    </ul>
  );
}
