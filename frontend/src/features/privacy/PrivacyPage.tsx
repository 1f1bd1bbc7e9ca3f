import { Button, SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Page } from '@/components/Page';
import { graphql, unmask } from '@/gql';
import type { PrivacyRequestState, PrivacyRequestsQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { type PrivacySearch, paths } from '@/lib/paths';
import { AskDialog } from './AskDialog';
import { DecisionDialog } from './DecisionDialog';
import classes from './Privacy.module.css';
import { type Decision, RequestCard, RequestFragment } from './RequestCard';

const PrivacyRequestsDocument = graphql(`
  query PrivacyRequests($filter: PrivacyRequestFilter!, $first: Int!, $after: Cursor) {
    privacyRequests(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          ...PrivacyRequestCard
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: PrivacyRequestsQuery) => data.privacyRequests.pageInfo;

const shown: Record<NonNullable<PrivacySearch['show']> | 'waiting', PrivacyRequestState[]> = {
  waiting: ['PENDING', 'ERASING'],
  decided: ['ERASED', 'REFUSED'],
};

/** How often the page looks whether an erasure is complete. */
const lookAgain = 2_000;

/** Requests to erase people: those that wait for a second person, and what became of the others. */
export function PrivacyPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: '/privacy' });
  const which = search.show ?? 'waiting';
  const [decision, setDecision] = useState<Decision | null>(null);
  const pages = usePages(PrivacyRequestsDocument, { filter: { states: shown[which] }, first: 50 }, endOf);
  const { refresh } = pages;
  const requests = pages.pages.flatMap((page) =>
    page.privacyRequests.edges.map(({ node }) => unmask(RequestFragment, node)),
  );
  const erasing = requests.some(({ state }) => state === 'ERASING');
  useEffect(() => {
    if (!erasing) return;
    const timer = setInterval(refresh, lookAgain);
    return () => clearInterval(timer);
  }, [erasing, refresh]);
  const ask = (person?: string) =>
    navigate({ ...paths.privacy({ ...search, erase: person }), replace: true });

  return (
    <Page
      title={t('privacy.title')}
      aside={<Button onClick={() => ask('somebody')}>{t('privacy.ask')}</Button>}
    >
      <p className={classes.explained}>{t('privacy.explained')}</p>
      <SegmentedControl
        className={classes.which}
        aria-label={t('privacy.which')}
        value={which}
        onChange={(value) =>
          navigate({ ...paths.privacy(value === 'decided' ? { show: 'decided' } : {}), replace: true })
        }
        data={[
          { value: 'waiting', label: t('privacy.waiting') },
          { value: 'decided', label: t('privacy.decided') },
        ]}
      />
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={refresh} />}
      {pages.pages.length === 0 && !pages.error && <SkeletonRows rows={6} />}
      {pages.pages.length > 0 && requests.length === 0 && (
        <EmptyState
          title={t(which === 'waiting' ? 'privacy.noneWaits' : 'privacy.noneDecided')}
          explanation={t('privacy.noneExplained')}
        />
      )}
      {requests.length > 0 && (
        <ul className={classes.list} aria-label={t('privacy.title')}>
          {requests.map((request) => (
            <RequestCard key={request.id} request={request} decide={setDecision} />
          ))}
        </ul>
      )}
      {pages.hasMore && (
        <Button variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      {search.erase && (
        <AskDialog
          person={search.erase === 'somebody' ? null : search.erase}
          close={() => ask()}
          done={refresh}
        />
      )}
      {decision && (
        <DecisionDialog
          key={decision.request.id}
          decision={decision}
          close={() => setDecision(null)}
          done={refresh}
        />
      )}
    </Page>
  );
}
