import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { graphql } from '@/gql';
import type { ArchivesQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { ArchiveRow } from './ArchiveRow';
import classes from './Keeping.module.css';
import { Section } from './Section';

const ArchivesDocument = graphql(`
  query Archives($first: Int!, $after: Cursor) {
    archives(first: $first, after: $after) {
      edges {
        node {
          id
          ...ArchiveRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: ArchivesQuery) => data.archives.pageInfo;

/** What went is still in these files. */
export function Archives({ ended }: { ended: string }) {
  const { t } = useTranslation();
  const pages = usePages(ArchivesDocument, { first: 20 }, endOf);
  const { refresh } = pages;
  useEffect(() => {
    if (ended) refresh();
  }, [ended, refresh]);
  const archives = pages.pages.flatMap((page) => page.archives.edges.map(({ node }) => node));
  return (
    <Section
      title={t('keeping.archives')}
      explained={t('keeping.archivesExplained')}
      loaded={pages.pages.length > 0}
      failure={pages.error ? failureOf(pages.error) : null}
      retry={refresh}
    >
      {archives.length === 0 && (
        <EmptyState title={t('keeping.noArchives')} explanation={t('keeping.noArchivesExplained')} />
      )}
      <ul className={classes.list}>
        {archives.map((archive) => (
          <ArchiveRow key={archive.id} archive={archive} />
        ))}
      </ul>
      {pages.hasMore && (
        <Button variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
    </Section>
  );
}
