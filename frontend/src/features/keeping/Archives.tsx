import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { graphql } from '@/gql';
import type { ArchiveFilter, ArchivesQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { type KeepingSearch, paths } from '@/lib/paths';
import { useSession } from '@/lib/session/session';
import { dayBounds } from '@/lib/time/calendar';
import { ArchiveFilters } from './ArchiveFilters';
import { ArchiveRow } from './ArchiveRow';
import classes from './Keeping.module.css';
import { Section } from './Section';

const ArchivesDocument = graphql(`
  query Archives($filter: ArchiveFilter!, $first: Int!, $after: Cursor) {
    archives(filter: $filter, first: $first, after: $after) {
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
  const { timeZone } = useSession().server;
  const search = useSearch({ from: '/keeping' });
  const navigate = useNavigate();
  const change = (some: KeepingSearch) =>
    navigate({ ...paths.keeping({ ...search, ...some }), replace: true, resetScroll: false });
  const { stream, state, from, to } = search;
  const filter: ArchiveFilter = {
    stream,
    state,
    from: from && dayBounds(from, timeZone).from,
    to: to && dayBounds(to, timeZone).to,
  };
  const filtered = Object.values(search).some(Boolean);
  const pages = usePages(ArchivesDocument, { filter, first: 20 }, endOf);
  const { refresh } = pages;
  useEffect(() => {
    if (ended) refresh();
  }, [ended, refresh]);
  const archives = pages.pages.flatMap((page) => page.archives.edges.map(({ node }) => node));
  // Each choice begins a list anew, and a field must not go while somebody types in it.
  const [filterable, setFilterable] = useState(filtered);
  if (!filterable && (filtered || archives.length > 0)) setFilterable(true);
  return (
    <Section
      title={t('keeping.archives')}
      explained={t('keeping.archivesExplained')}
      before={filterable && <ArchiveFilters search={search} change={change} />}
      loaded={pages.pages.length > 0}
      failure={pages.error ? failureOf(pages.error) : null}
      retry={refresh}
    >
      {archives.length === 0 &&
        (filtered ? (
          <EmptyState title={t('keeping.noneFits')} explanation={t('keeping.noneFitsExplained')} />
        ) : (
          <EmptyState title={t('keeping.noArchives')} explanation={t('keeping.noArchivesExplained')} />
        ))}
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
