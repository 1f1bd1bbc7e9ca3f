import { Button, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconFileUpload, IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { useMovements } from '@/components/movement/MovementFeed';
import { Page } from '@/components/Page';
import { SearchField } from '@/components/SearchField';
import { graphql } from '@/gql';
import type { PeopleQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { paths } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import { useCan } from '@/lib/session/session';
import { useSoon } from '@/lib/useSoon';
import classes from './People.module.css';
import { PeopleImport } from './PeopleImport';
import { PersonForm } from './PersonForm';
import { PersonRow } from './PersonRow';

const PeopleDocument = graphql(`
  query People($search: String, $filter: PeopleFilter, $first: Int!, $after: Cursor) {
    people(search: $search, filter: $filter, first: $first, after: $after) {
      totalCount
      edges {
        node {
          id
          ...PersonRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: PeopleQuery) => data.people.pageInfo;

/** Who may hold keys, and what each of them holds now. */
export function PeoplePage() {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = useNavigate();
  const search = useSearch({ from: '/people' });
  const mayManage = useCan('PEOPLE_MANAGE');
  const [adding, setAdding] = useState(false);
  const [importing, setImporting] = useState(false);
  const maySeeKeys = useCan('KEYS_VIEW');
  const left = maySeeKeys && search.left === 'keys';
  const filter = left ? { leftWithKeys: true } : null;
  const pages = usePages(PeopleDocument, { search: search.q, filter, first: 100 }, endOf);
  useMovements(useSoon(pages.refresh, 800));
  const people = pages.pages.flatMap((page) => page.people.edges.map(({ node }) => node));
  const total = pages.pages[0]?.people.totalCount;

  return (
    <Page
      title={t('people.title')}
      aside={
        <>
          <span className={classes.total}>
            {total !== undefined && t('people.total', { count: total, shown: formats.number(total) })}
          </span>
          {mayManage && (
            <>
              <Button
                variant="default"
                leftSection={<IconFileUpload size={16} />}
                onClick={() => setImporting(true)}
              >
                {t('people.import.open')}
              </Button>
              <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
                {t('people.add')}
              </Button>
            </>
          )}
        </>
      }
    >
      <div className={classes.search}>
        <SearchField
          label={t('people.search')}
          value={search.q}
          change={(q) => navigate({ ...paths.people({ ...search, q }), replace: true })}
        />
        {maySeeKeys && (
          <UnstyledButton
            className={classes.chip}
            aria-pressed={left}
            onClick={() =>
              navigate({ ...paths.people({ ...search, left: left ? undefined : 'keys' }), replace: true })
            }
          >
            {t('people.leftWithKeys')}
          </UnstyledButton>
        )}
      </div>
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />}
      {pages.pages.length === 0 && !pages.error && <SkeletonRows rows={14} />}
      {pages.pages.length > 0 && people.length === 0 && <Nobody left={left} searched={Boolean(search.q)} />}
      {people.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('people.name')}</th>
              <th scope="col">{t('people.department')}</th>
              <th scope="col">{t('people.employeeNumber')}</th>
              <th scope="col">{t('people.badge')}</th>
              <th scope="col">{t('people.contact')}</th>
              <th scope="col">{left ? t('people.leftAndHolds') : t('people.holds')}</th>
              {mayManage && (
                <th scope="col" className={classes.act}>
                  <VisuallyHidden>{t('people.actionsHeading')}</VisuallyHidden>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <PersonRow key={person.id} person={person} mayManage={mayManage} left={left} />
            ))}
          </tbody>
        </table>
      )}
      {pages.hasMore && (
        <Button className={classes.more} variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      {adding && <PersonForm close={() => setAdding(false)} />}
      {importing && <PeopleImport close={() => setImporting(false)} imported={pages.refresh} />}
    </Page>
  );
}

function Nobody({ left, searched }: { left: boolean; searched: boolean }) {
  const { t } = useTranslation();
  if (searched)
    return <EmptyState title={t('people.noneFits')} explanation={t('people.noneFitsExplained')} />;
  if (left) return <EmptyState title={t('people.noneLeft')} explanation={t('people.noneLeftExplained')} />;
  return <EmptyState title={t('people.none')} explanation={t('people.noneExplained')} />;
}
