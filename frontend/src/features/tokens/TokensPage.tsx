import { Button } from '@mantine/core';
import { IconDeviceTv, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Page } from '@/components/Page';
import { graphql } from '@/gql';
import type { TokensQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { DeclareDialog } from './DeclareDialog';
import { PairDialog } from './PairDialog';
import { RevokeDialog } from './RevokeDialog';
import { TokenForm } from './TokenForm';
import { TokenRow } from './TokenRow';
import classes from './Tokens.module.css';

const TokensDocument = graphql(`
  query Tokens($first: Int!, $after: Cursor) {
    apiTokens(first: $first, after: $after) {
      edges {
        node {
          id
          ...TokenRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: TokensQuery) => data.apiTokens.pageInfo;

/** The programs that may call, when each last did, and how to stop one. */
export function TokensPage() {
  const { t } = useTranslation();
  const [making, setMaking] = useState<'token' | 'display' | null>(null);
  const [revoking, setRevoking] = useState<{ id: string; name: string } | null>(null);
  const [declaring, setDeclaring] = useState<string | null>(null);
  const pages = usePages(TokensDocument, { first: 100 }, endOf);
  const tokens = pages.pages.flatMap((page) => page.apiTokens.edges.map(({ node }) => node));
  const closed = () => {
    setMaking(null);
    setRevoking(null);
    pages.refresh();
  };

  return (
    <Page
      title={t('tokens.title')}
      aside={
        <>
          <span className={classes.grow} />
          <Button
            variant="default"
            leftSection={<IconDeviceTv size={16} />}
            onClick={() => setMaking('display')}
          >
            {t('tokens.pair')}
          </Button>
          <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => setMaking('token')}>
            {t('tokens.make')}
          </Button>
        </>
      }
    >
      <p className={classes.explained}>{t('tokens.explained')}</p>
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />}
      {pages.pages.length === 0 && !pages.error && <SkeletonRows rows={6} />}
      {pages.pages.length > 0 && tokens.length === 0 && (
        <EmptyState title={t('tokens.none')} explanation={t('tokens.noneExplained')} />
      )}
      {tokens.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('tokens.name')}</th>
              <th scope="col">{t('tokens.state')}</th>
              <th scope="col">{t('tokens.role')}</th>
              <th scope="col">{t('tokens.lastUsed')}</th>
              <th scope="col">{t('tokens.expires')}</th>
              <th scope="col">{t('tokens.made')}</th>
              <th scope="col">
                <span className={classes.unseen}>{t('tokens.revoke')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <TokenRow key={token.id} token={token} revoke={setRevoking} declare={setDeclaring} />
            ))}
          </tbody>
        </table>
      )}
      {pages.hasMore && (
        <Button className={classes.more} variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      {making === 'token' && <TokenForm close={closed} />}
      {making === 'display' && <PairDialog close={closed} />}
      {declaring && <DeclareDialog source={declaring} close={() => setDeclaring(null)} />}
      {revoking && <RevokeDialog {...revoking} close={closed} />}
    </Page>
  );
}
