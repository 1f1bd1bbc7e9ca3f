import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { LegalHoldsQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import classes from './Keeping.module.css';
import { PlaceDialog } from './PlaceDialog';
import { ReleaseDialog } from './ReleaseDialog';
import { Section } from './Section';

const HoldsDocument = graphql(`
  query LegalHolds($first: Int!, $after: Cursor) {
    legalHolds(first: $first, after: $after) {
      edges {
        node {
          id
          person {
            id
            name
          }
          reason
          placedAt
          placedBy {
            id
            name
          }
          releasedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: LegalHoldsQuery) => data.legalHolds.pageInfo;

/** Whose entries stay whatever the policies say. */
export function Holds() {
  const { t } = useTranslation();
  const [placing, setPlacing] = useState(false);
  const [releasing, setReleasing] = useState<{ id: string; name: string } | null>(null);
  const pages = usePages(HoldsDocument, { first: 20 }, endOf);
  const holds = pages.pages.flatMap((page) => page.legalHolds.edges.map(({ node }) => node));
  const closed = () => {
    setPlacing(false);
    setReleasing(null);
    pages.refresh();
  };
  return (
    <Section
      title={t('keeping.holds')}
      explained={t('keeping.holdsExplained')}
      aside={
        <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => setPlacing(true)}>
          {t('keeping.place')}
        </Button>
      }
      loaded={pages.pages.length > 0}
      failure={pages.error ? failureOf(pages.error) : null}
      retry={pages.refresh}
    >
      {holds.length === 0 && <p>{t('keeping.noHolds')}</p>}
      <ul className={classes.list}>
        {holds.map((hold) => {
          const name = hold.person?.name ?? t('keeping.somebody');
          return (
            <li key={hold.id} className={classes.row}>
              <span className={classes.what}>{name}</span>
              <span className={classes.grow}>{hold.reason ?? t('keeping.reasonGone')}</span>
              <span className={classes.muted}>
                {t('keeping.since')} <Instant at={hold.placedAt} />
                {hold.releasedAt && (
                  <>
                    , {t('keeping.releasedAt')} <Instant at={hold.releasedAt} />
                  </>
                )}
              </span>
              {!hold.releasedAt && (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  onClick={() => setReleasing({ id: hold.id, name })}
                  aria-label={t('keeping.releaseNamed', { name })}
                >
                  {t('keeping.release')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {pages.hasMore && (
        <Button variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      {placing && <PlaceDialog close={closed} />}
      {releasing && <ReleaseDialog {...releasing} close={closed} />}
    </Section>
  );
}
