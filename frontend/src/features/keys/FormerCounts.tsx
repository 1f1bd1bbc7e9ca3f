import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { InventoriesQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { paths } from '@/lib/paths';
import classes from './Inventory.module.css';

const InventoriesDocument = graphql(`
  query Inventories($first: Int!, $after: Cursor) {
    inventories(first: $first, after: $after) {
      edges {
        node {
          id
          takenAt
          cabinet
          expectedCount
          foundCount
          differenceCount
          openCount
          takenBy {
            id
            name
          }
          group {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: InventoriesQuery) => data.inventories.pageInfo;

/** The counts there were, newest first. */
export function FormerCounts() {
  const { t } = useTranslation();
  const pages = usePages(InventoriesDocument, { first: 50 }, endOf);
  const counts = pages.pages.flatMap((page) => page.inventories.edges.map(({ node }) => node));
  return (
    <section className={classes.former} aria-labelledby="former">
      <h2 id="former">{t('inventory.former')}</h2>
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />}
      {pages.pages.length === 0 && !pages.error && <SkeletonRows rows={5} />}
      {pages.pages.length > 0 && counts.length === 0 && (
        <EmptyState title={t('inventory.none')} explanation={t('inventory.noneExplained')} />
      )}
      {counts.length > 0 && (
        <ul className={classes.counts}>
          {counts.map((each) => (
            <li key={each.id}>
              <Link {...paths.inventory({ count: each.id })}>{each.cabinet ?? each.group?.name ?? '—'}</Link>
              <span>
                <Instant at={each.takenAt} />
                {each.takenBy && ` · ${each.takenBy.name}`}
              </span>
              <span>{t('inventory.found', { found: each.foundCount, expected: each.expectedCount })}</span>
              <span data-open={each.openCount > 0 || undefined}>
                {t('inventory.differs', { count: each.differenceCount })}
                {each.differenceCount > 0 &&
                  `, ${each.openCount > 0 ? t('inventory.open', { count: each.openCount }) : t('inventory.allSettled')}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {pages.hasMore && (
        <Button variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
    </section>
  );
}
