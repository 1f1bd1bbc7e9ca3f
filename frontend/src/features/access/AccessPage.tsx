import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Page } from '@/components/Page';
import { SearchField } from '@/components/SearchField';
import { graphql } from '@/gql';
import type { AccountsQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { paths } from '@/lib/paths';
import classes from './Access.module.css';
import { AccountForm } from './AccountForm';
import { AccountRow } from './AccountRow';
import { Matrix } from './Matrix';

const AccountsDocument = graphql(`
  query Accounts($search: String, $first: Int!, $after: Cursor) {
    accounts(search: $search, first: $first, after: $after) {
      edges {
        node {
          id
          ...AccountRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: AccountsQuery) => data.accounts.pageInfo;

/** Who can sign in, with which roles, and what each role allows. */
export function AccessPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: '/access' });
  const [creating, setCreating] = useState(false);
  const pages = usePages(AccountsDocument, { search: search.q, first: 50 }, endOf);
  const accounts = pages.pages.flatMap((page) => page.accounts.edges.map(({ node }) => node));

  return (
    <Page
      title={t('access.title')}
      aside={
        <>
          <span className={classes.grow} />
          <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
            {t('access.create')}
          </Button>
        </>
      }
    >
      <div className={classes.search}>
        <SearchField
          label={t('access.search')}
          value={search.q}
          change={(q) => navigate({ ...paths.access({ q }), replace: true })}
        />
      </div>
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />}
      {pages.pages.length === 0 && !pages.error && <SkeletonRows rows={8} />}
      {pages.pages.length > 0 && accounts.length === 0 && (
        <EmptyState title={t('access.none')} explanation={t('access.noneExplained')} />
      )}
      {accounts.length > 0 && (
        <table className={`${classes.table} ${classes.accounts}`} aria-label={t('access.accounts')}>
          <thead>
            <tr>
              <th scope="col">{t('access.name')}</th>
              <th scope="col">{t('access.username')}</th>
              <th scope="col">{t('access.roles')}</th>
              <th scope="col">{t('access.state')}</th>
              <th scope="col">{t('access.signedIn')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => (
              <AccountRow key={account.id} account={account} changed={pages.refresh} />
            ))}
          </tbody>
        </table>
      )}
      {pages.hasMore && (
        <Button className={classes.more} variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      <Matrix />
      {creating && <AccountForm close={() => setCreating(false)} created={pages.refresh} />}
    </Page>
  );
}
