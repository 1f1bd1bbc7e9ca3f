import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntryDrawer, type EntryTarget } from '@/components/entry/EntryDrawer';
import { ExportMenu } from '@/components/exports/ExportMenu';
import { ExportNotes } from '@/components/exports/ExportNotes';
import { entryFormats } from '@/components/exports/formats';
import { useExports } from '@/components/exports/useExports';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Page } from '@/components/Page';
import { ViewsMenu } from '@/components/views/ViewsMenu';
import { graphql, unmask } from '@/gql';
import type { LogFilter, SignInsQuery } from '@/gql/graphql';
import { withArrivals } from '@/lib/graphql/arrivals';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { paths, type SignInsSearch } from '@/lib/paths';
import { useCan, useSession } from '@/lib/session/session';
import { dayBounds } from '@/lib/time/calendar';
import { SignInFilters } from './SignInFilters';
import { type SignIn, SignInFragment, SignInRow } from './SignInRow';
import classes from './SignIns.module.css';
import { useSignInFeed } from './useSignInFeed';

const SignInsDocument = graphql(`
  query SignIns($filter: LogFilter!, $first: Int!, $after: Cursor) {
    authLog(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          ...SignInEntry
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: SignInsQuery) => data.authLog.pageInfo;
const mostLive = 500;

/** Is somebody trying to get in? */
export function SignInsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { timeZone } = useSession().server;
  const may = useCan('LOGS_AUTH_VIEW');
  const search = useSearch({ from: '/sign-ins' });
  const filter = useMemo(() => filterOf(search, timeZone), [search, timeZone]);
  const [opened, setOpened] = useState<EntryTarget | null>(null);
  const exported = useExports();
  const show = (change: SignInsSearch) =>
    navigate({ ...paths.signIns({ ...search, ...change }), replace: true });

  return (
    <Page
      title={t('signIns.title')}
      aside={
        may && (
          <>
            <ViewsMenu list="SIGN_INS" search={search} link={paths.signIns} />
            <ExportMenu exports={exported} formats={entryFormats} order={{ list: 'AUTH', filter }} />
          </>
        )
      }
    >
      {may && <SignInFilters search={search} change={show} />}
      <ExportNotes exports={exported} />
      <SignInList key={JSON.stringify(filter)} filter={filter} open={setOpened} />
      <EntryDrawer target={opened} close={() => setOpened(null)} />
    </Page>
  );
}

interface SignInListProps {
  filter: LogFilter;
  open(entry: EntryTarget): void;
}

function SignInList({ filter, open }: SignInListProps) {
  const { t } = useTranslation();
  const pages = usePages(SignInsDocument, { filter, first: 100 }, endOf);
  const [live, setLive] = useState<SignIn[]>([]);
  useSignInFeed(filter, (entry) => setLive((former) => [entry, ...former].slice(0, mostLive)));

  const loaded = pages.pages.flatMap((page) =>
    page.authLog.edges.map(({ node }) => unmask(SignInFragment, node)),
  );
  const rows = withArrivals(loaded, live, pages.hasMore);
  const show = useCallback(({ seq }: SignIn) => open({ kind: 'AuthEntry', seq }), [open]);
  if (pages.error && loaded.length === 0) {
    return <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />;
  }
  if (pages.pages.length === 0) return <SkeletonRows rows={12} />;
  if (rows.length === 0) {
    return <EmptyState title={t('signIns.none')} explanation={t('signIns.noneExplained')} />;
  }
  return (
    <>
      <ul className={classes.list} aria-label={t('signIns.title')}>
        {rows.map(({ entry, fresh }) => (
          <SignInRow key={entry.id} entry={entry} fresh={fresh} open={show} />
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

function filterOf(search: SignInsSearch, zone: string): LogFilter {
  return {
    action: search.action,
    outcome: search.outcome,
    source: search.source,
    from: search.from && dayBounds(search.from, zone).from,
    to: search.to && dayBounds(search.to, zone).to,
  };
}
