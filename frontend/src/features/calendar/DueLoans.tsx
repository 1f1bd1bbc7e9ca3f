import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Instant } from '@/components/Instant';
import { DueMark } from '@/components/Marks';
import { useMovements } from '@/components/movement/MovementFeed';
import { type FragmentType, graphql, unmask } from '@/gql';
import type { DueLoansQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { paths } from '@/lib/paths';
import { useSession } from '@/lib/session/session';
import { dayBounds } from '@/lib/time/calendar';
import { useSoon } from '@/lib/useSoon';
import type { DayFilter } from './DayPanel';
import classes from './DayPanel.module.css';

const DueLoanFragment = graphql(`
  fragment DueLoan on Loan {
    id
    dueAt
    overdue
    issuedAt
    returnedAt
    holder {
      id
      name
    }
    key {
      id
      number
      label
      building
      groups {
        id
      }
    }
  }
`);

const DueLoansDocument = graphql(`
  query DueLoans($filter: LoanFilter!, $first: Int!, $after: Cursor) {
    loans(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          ...DueLoan
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: DueLoansQuery) => data.loans.pageInfo;

interface DueLoansProps {
  day: string;
  filter: DayFilter;
  /** Nothing else is shown for this day. */
  alone: boolean;
}

/** Keys that are out and due on a day. */
export function DueLoans({ day, filter, alone }: DueLoansProps) {
  const { t } = useTranslation();
  const { timeZone } = useSession().server;
  const bounds = useMemo(() => dayBounds(day, timeZone), [day, timeZone]);
  const pages = usePages(
    DueLoansDocument,
    { filter: { open: true, dueFrom: bounds.from, dueTo: bounds.to }, first: 100 },
    endOf,
  );
  useMovements(useSoon(pages.refresh, 400));

  const loans = pages.pages
    .flatMap((page) => page.loans.edges.map(({ node }) => node))
    .filter((loan) => passes(unmask(DueLoanFragment, loan), filter));
  if (pages.error) return <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />;
  if (pages.pages.length === 0) return <SkeletonRows rows={3} />;
  if (loans.length === 0 && !pages.hasMore) {
    return alone ? <EmptyState title={t('calendar.nothingDue')} /> : null;
  }
  return (
    <>
      <h3 className={classes.subtitle}>{t('calendar.dueHeading', { count: loans.length })}</h3>
      <ul className={classes.list} aria-label={t('calendar.dueList')}>
        {loans.map((loan) => (
          <DueLoan key={loan.id} loan={loan} />
        ))}
      </ul>
      {pages.hasMore && (
        <Button className={classes.more} variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
    </>
  );
}

function DueLoan({ loan }: { loan: FragmentType<typeof DueLoanFragment> }) {
  const { t } = useTranslation();
  const { dueAt, overdue, key, holder, issuedAt } = unmask(DueLoanFragment, loan);
  return (
    <li className={classes.loan}>
      <span className={classes.muted}>{dueAt && <Instant at={dueAt} show="time" />}</span>
      <span>
        <Link {...paths.key(key.id)}>{key.number}</Link>
      </span>
      <span className={classes.muted}>{key.label}</span>
      <span className={classes.flag} data-overdue={overdue || undefined}>
        <DueMark /> {overdue ? t('states.OVERDUE') : t('movement.due')}
      </span>
      <span>{holder.name}</span>
      <span className={classes.muted}>
        {t('keys.since')} <Instant at={issuedAt} />
      </span>
    </li>
  );
}

function passes(
  loan: { returnedAt?: string | null; key: { building: string; groups: { id: string }[] } },
  filter: DayFilter,
): boolean {
  if (loan.returnedAt) return false;
  if (filter.building && loan.key.building !== filter.building) return false;
  return !filter.group || loan.key.groups.some(({ id }) => id === filter.group);
}
