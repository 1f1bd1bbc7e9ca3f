import { Button } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntryDrawer, type EntryTarget } from '@/components/entry/EntryDrawer';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { useMovements } from '@/components/movement/MovementFeed';
import { MovementRow } from '@/components/movement/MovementRow';
import { type Movement, MovementFragment } from '@/components/movement/movement';
import { graphql, unmask } from '@/gql';
import type { KeyHistoryQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { useSoon } from '@/lib/useSoon';
import classes from './KeyPage.module.css';

const KeyHistoryDocument = graphql(`
  query KeyHistory($id: ID!, $first: Int!, $after: Cursor) {
    key(id: $id) {
      id
      history(first: $first, after: $after) {
        edges {
          node {
            id
            ...Movement
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

const endOf = (data: KeyHistoryQuery) => data.key?.history.pageInfo ?? { hasNextPage: false };

/** What happened to a key, newest first. */
export function KeyHistory({ keyId }: { keyId: string }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<EntryTarget | null>(null);
  const pages = usePages(KeyHistoryDocument, { id: keyId, first: 50 }, endOf);
  const refresh = useSoon(pages.refresh, 200);
  useMovements((entry) => {
    if (unmask(MovementFragment, entry).key?.id === keyId) refresh();
  });
  const rows = pages.pages.flatMap(
    (page) => page.key?.history.edges.map(({ node }) => unmask(MovementFragment, node)) ?? [],
  );
  const show = useCallback(({ seq }: Movement) => setOpened({ kind: 'KeyLogEntry', seq }), []);
  return (
    <section className={classes.section} aria-labelledby="history">
      <div className={classes.sectionHead}>
        <h2 id="history">{t('keys.history')}</h2>
      </div>
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />}
      {pages.pages.length === 0 && !pages.error && <SkeletonRows rows={6} />}
      {pages.pages.length > 0 && rows.length === 0 && <EmptyState title={t('keys.noHistory')} />}
      <ul className={classes.list} aria-labelledby="history">
        {rows.map((movement) => (
          <MovementRow key={movement.id} movement={movement} dated open={show} />
        ))}
      </ul>
      {pages.hasMore && (
        <Button className={classes.more} variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      <EntryDrawer target={opened} close={() => setOpened(null)} />
    </section>
  );
}
