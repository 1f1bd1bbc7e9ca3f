import { Button, SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApprovalLiveFragment, useApprovalChanges } from '@/components/approvals/ApprovalFeed';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { useMovements } from '@/components/movement/MovementFeed';
import { Page } from '@/components/Page';
import { graphql, unmask } from '@/gql';
import type { ApprovalState, ApprovalsQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { type ApprovalsSearch, paths } from '@/lib/paths';
import { useSoon } from '@/lib/useSoon';
import { ApprovalCard } from './ApprovalCard';
import classes from './Approvals.module.css';
import { type Decision, DecisionDialog } from './DecisionDialog';

const ApprovalsDocument = graphql(`
  query Approvals($filter: ApprovalFilter!, $first: Int!, $after: Cursor) {
    approvals(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          ...ApprovalLive
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: ApprovalsQuery) => data.approvals.pageInfo;

const shown: Record<NonNullable<ApprovalsSearch['show']> | 'waiting', ApprovalState[]> = {
  waiting: ['PENDING'],
  decided: ['APPROVED', 'REFUSED', 'CANCELLED', 'EXPIRED'],
};

/** Issues of marked keys: those that wait for a second person, and what became of the others. */
export function ApprovalsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: '/approvals' });
  const which = search.show ?? 'waiting';
  const [decision, setDecision] = useState<Decision | null>(null);
  const pages = usePages(ApprovalsDocument, { filter: { states: shown[which] }, first: 50 }, endOf);
  useApprovalChanges(pages.refresh);
  const refresh = useSoon(pages.refresh, 300);
  useMovements(refresh);
  const approvals = pages.pages.flatMap((page) =>
    page.approvals.edges.map(({ node }) => unmask(ApprovalLiveFragment, node)),
  );

  return (
    <Page title={t('approvals.title')}>
      <SegmentedControl
        className={classes.which}
        aria-label={t('approvals.which')}
        value={which}
        onChange={(value) =>
          navigate({ ...paths.approvals(value === 'decided' ? { show: 'decided' } : {}), replace: true })
        }
        data={[
          { value: 'waiting', label: t('approvals.waiting') },
          { value: 'decided', label: t('approvals.decided') },
        ]}
      />
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />}
      {pages.pages.length === 0 && !pages.error && <SkeletonRows rows={6} />}
      {pages.pages.length > 0 && approvals.length === 0 && (
        <EmptyState
          title={t(which === 'waiting' ? 'approvals.noneWaits' : 'approvals.noneDecided')}
          explanation={t('approvals.noneExplained')}
        />
      )}
      {approvals.length > 0 && (
        <ul className={classes.list} aria-label={t('approvals.title')}>
          {approvals.map((approval) => (
            <ApprovalCard key={approval.id} approval={approval} decide={setDecision} />
          ))}
        </ul>
      )}
      {pages.hasMore && (
        <Button variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      {decision && (
        <DecisionDialog key={decision.approval.id} decision={decision} close={() => setDecision(null)} />
      )}
    </Page>
  );
}
