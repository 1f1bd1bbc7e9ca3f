import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { ConsentsQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import classes from './MyData.module.css';

const ConsentsDocument = graphql(`
  query Consents($first: Int!, $after: Cursor) {
    consents(first: $first, after: $after) {
      edges {
        node {
          id
          purpose
          version
          given
          recordedAt
          recordedBy {
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

const endOf = (data: ConsentsQuery) => data.consents.pageInfo;

/** What the reader agreed to and withdrew, the newest first; read again when the newest is another. */
export function ConsentHistory({ newest }: { newest: string | null }) {
  const { t } = useTranslation();
  const pages = usePages(ConsentsDocument, { first: 20 }, endOf);
  const { refresh } = pages;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is out of date when another is the newest
  useEffect(refresh, [newest]);
  const consents = pages.pages.flatMap((page) => page.consents.edges.map(({ node }) => node));
  return (
    <section className={classes.section} aria-labelledby="my-consents">
      <h2 id="my-consents">{t('myData.consents')}</h2>
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={refresh} />}
      {pages.pages.length > 0 && consents.length === 0 && <p>{t('myData.noConsents')}</p>}
      <ul className={classes.list}>
        {consents.map((one) => (
          <li key={one.id}>
            <Instant at={one.recordedAt} />{' '}
            {t(one.given ? 'myData.agreedTo' : 'myData.withdrewFrom', {
              name: t(`myData.purposes.${one.purpose as 'key_custody'}.title`, one.purpose),
              version: one.version,
            })}
            {one.recordedBy && ` · ${one.recordedBy.name}`}
          </li>
        ))}
      </ul>
      {pages.hasMore && (
        <Button variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
    </section>
  );
}
