import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Instant } from '@/components/Instant';
import { DueMark } from '@/components/Marks';
import { useMovements } from '@/components/movement/MovementFeed';
import { graphql, unmask } from '@/gql';
import type { DueLoanFragment as DueLoan, DueLoansQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { paths } from '@/lib/paths';
import type { Bounds } from '@/lib/time/calendar';
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

/** Keys that are out and due within some bounds, as far as the filter lets them through. */
export function useDueLoans(bounds: Bounds, filter: DayFilter) {
  const pages = usePages(
    DueLoansDocument,
    { filter: { open: true, dueFrom: bounds.from, dueTo: bounds.to }, first: 100 },
    endOf,
  );
  useMovements(useSoon(pages.refresh, 400));
  const rows = pages.pages
    .flatMap((page) => page.loans.edges.map(({ node }) => unmask(DueLoanFragment, node)))
    .filter((loan) => passes(loan, filter));
  return { ...pages, rows };
}

/** Keys that are out and due on a day; nothing when there is none. */
export function DueLoans({ due }: { due: ReturnType<typeof useDueLoans> }) {
  const { t } = useTranslation();
  if (due.error) return <FailureNotice failure={failureOf(due.error)} retry={due.refresh} />;
  if (due.pages.length === 0) return <SkeletonRows rows={3} />;
  if (due.rows.length === 0 && !due.hasMore) return null;
  return (
    <>
      <h3 className={classes.subtitle}>{t('calendar.dueHeading', { count: due.rows.length })}</h3>
      <ul className={classes.list} aria-label={t('calendar.dueList')}>
        {due.rows.map((loan) => (
          <DueLoanLine key={loan.id} loan={loan} />
        ))}
      </ul>
      {due.hasMore && (
        <Button className={classes.more} variant="default" onClick={due.more} loading={due.loading}>
          {t('common.more')}
        </Button>
      )}
    </>
  );
}

function DueLoanLine({ loan: { dueAt, overdue, key, holder, issuedAt } }: { loan: DueLoan }) {
  const { t } = useTranslation();
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

function passes(loan: DueLoan, filter: DayFilter): boolean {
  if (loan.returnedAt) return false;
  if (filter.building && loan.key.building !== filter.building) return false;
  return !filter.group || loan.key.groups.some(({ id }) => id === filter.group);
}
