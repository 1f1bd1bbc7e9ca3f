import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Instant } from '@/components/Instant';
import { byKind, resolutionsOf } from '@/components/inventory/differences';
import { graphql, unmask } from '@/gql';
import type { InventoryQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { DifferenceFragment, DifferenceRow } from './DifferenceRow';
import classes from './Inventory.module.css';

const InventoryDocument = graphql(`
  query Inventory($id: ID!, $first: Int!, $after: Cursor) {
    inventory(id: $id) {
      id
      takenAt
      cabinet
      expectedCount
      foundCount
      openCount
      takenBy {
        id
        name
      }
      group {
        id
        name
      }
      differences(first: $first, after: $after) {
        edges {
          node {
            id
            ...Difference
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

const endOf = (data: InventoryQuery) => data.inventory?.differences.pageInfo ?? { hasNextPage: false };

/** What a count found: the differences by kind, and what can be done about each. */
export function InventoryResult({ id }: { id: string }) {
  const { t } = useTranslation();
  const mayManage = useCan('KEYS_MANAGE');
  const section = useRef<HTMLElement>(null);
  const pages = usePages(InventoryDocument, { id, first: 500 }, endOf);
  const found = pages.pages[0]?.inventory;
  const differences = pages.pages.flatMap(
    (page) => page.inventory?.differences.edges.map(({ node }) => unmask(DifferenceFragment, node)) ?? [],
  );
  if (pages.error) return <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />;
  if (pages.pages.length === 0) return <SkeletonRows rows={8} />;
  if (!found) return <EmptyState title={t('inventory.unknown')} action={<AllCounts />} />;

  const settled = () => {
    pages.refresh();
    const next = section.current?.querySelector<HTMLElement>('button[data-resolve]');
    (next ?? section.current)?.focus();
  };
  return (
    <section className={classes.result} ref={section} tabIndex={-1} aria-labelledby="result">
      <h2 id="result">{t('inventory.result', { place: found.cabinet ?? found.group?.name ?? '—' })}</h2>
      <p role="status">
        <Instant at={found.takenAt} show="full" />
        {found.takenBy && ` · ${t('inventory.takenBy', { name: found.takenBy.name })}`}
        {` · ${t('inventory.found', { found: found.foundCount, expected: found.expectedCount })}`}
        {differences.length > 0 &&
          ` · ${found.openCount > 0 ? t('inventory.open', { count: found.openCount }) : t('inventory.allSettled')}`}
      </p>
      {differences.length === 0 && <EmptyState title={t('inventory.allThere')} />}
      {byKind(differences).map(([kind, some]) => {
        const resolutions = resolutionsOf(kind, Boolean(found.cabinet), mayManage);
        return (
          <section key={kind} className={classes.kind} aria-labelledby={`kind-${kind}`}>
            <h3 id={`kind-${kind}`}>
              {t(`inventory.kinds.${kind}`)} <span>{some.length}</span>
            </h3>
            <p>
              {t(`inventory.kindsExplained.${kind}`)}{' '}
              {resolutions.map((each) => t(`inventory.does.${each}`)).join(' ')}
            </p>
            <ul>
              {some.map((each) => (
                <DifferenceRow key={each.id} difference={each} resolutions={resolutions} settled={settled} />
              ))}
            </ul>
          </section>
        );
      })}
      <div className={classes.buttons}>
        {pages.hasMore && (
          <Button variant="default" onClick={pages.more} loading={pages.loading}>
            {t('common.more')}
          </Button>
        )}
        <AllCounts />
      </div>
    </section>
  );
}

function AllCounts() {
  const { t } = useTranslation();
  return (
    <Button variant="default" renderRoot={(props) => <Link {...paths.inventory()} {...props} />}>
      {t('inventory.back')}
    </Button>
  );
}
