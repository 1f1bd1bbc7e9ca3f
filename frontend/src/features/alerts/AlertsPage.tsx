import { Button } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AlertLiveFragment, useAlertChanges } from '@/components/alerts/AlertFeed';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Page } from '@/components/Page';
import { graphql, unmask } from '@/gql';
import type { AlertsQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { type AlertsSearch, paths } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import { useCan } from '@/lib/session/session';
import { AlertDrawer } from './AlertDrawer';
import { AlertFilters } from './AlertFilters';
import { AlertRow } from './AlertRow';
import classes from './Alerts.module.css';
import { MutedNotice } from './MutedNotice';
import { OutboxNotice } from './OutboxNotice';

const AlertsDocument = graphql(`
  query Alerts($filter: AlertFilter!, $first: Int!, $after: Cursor) {
    alerts(filter: $filter, first: $first, after: $after) {
      totalCount
      edges {
        node {
          id
          ...AlertLive
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: AlertsQuery) => data.alerts.pageInfo;

/** What needs me? */
export function AlertsPage() {
  const { t } = useTranslation();
  const formats = useFormats();
  const may = useCan('ALERTS_VIEW');
  const navigate = useNavigate();
  const search = useSearch({ from: '/alerts' });
  const show = (change: AlertsSearch) =>
    navigate({
      ...paths.alerts({ ...search, ...change }),
      replace: search.alert !== undefined && change.alert === undefined, // one that is closed
    });
  const filter = { states: search.states ?? null, severities: search.severities ?? null };
  const pages = usePages(AlertsDocument, { filter, first: 50 }, endOf);
  useAlertChanges(pages.refresh);
  const alerts = pages.pages.flatMap((page) =>
    page.alerts.edges.map(({ node }) => unmask(AlertLiveFragment, node)),
  );
  const total = pages.pages[0]?.alerts.totalCount;
  const filtered = Boolean(search.states ?? search.severities);

  return (
    <Page
      title={t('alerts.title')}
      aside={
        <span className={classes.total}>
          {total !== undefined && t('alerts.total', { count: total, shown: formats.number(total) })}
        </span>
      }
    >
      <OutboxNotice />
      <MutedNotice />
      {may && (
        <>
          <p className={classes.toRules}>
            <Link {...paths.alertRules()}>{t('alertRules.title')}</Link>
          </p>
          <AlertFilters search={search} change={show} />
        </>
      )}
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />}
      {pages.pages.length === 0 && !pages.error && <SkeletonRows rows={8} />}
      {pages.pages.length > 0 && alerts.length === 0 && (
        <EmptyState
          title={t(filtered ? 'alerts.noneFits' : 'alerts.none')}
          explanation={t(filtered ? 'alerts.noneFitsExplained' : 'alerts.noneExplained')}
        />
      )}
      {alerts.length > 0 && (
        <ul className={classes.list} aria-label={t('alerts.title')}>
          {alerts.map((alert) => (
            <AlertRow key={alert.id} alert={alert} open={() => show({ alert: alert.id })} />
          ))}
        </ul>
      )}
      {pages.hasMore && (
        <Button className={classes.more} variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      <AlertDrawer id={search.alert} close={() => show({ alert: undefined })} />
    </Page>
  );
}
