import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAlertChanges } from '@/components/alerts/AlertFeed';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Page } from '@/components/Page';
import { graphql, unmask } from '@/gql';
import type { AlertRulesQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { paths } from '@/lib/paths';
import { useCanEverywhere } from '@/lib/session/session';
import { BuiltInRules } from './BuiltInRules';
import { RuleForm } from './RuleForm';
import { RuleFragment, RuleRow } from './RuleRow';
import classes from './Rules.module.css';

const AlertRulesDocument = graphql(`
  query AlertRules($first: Int!, $after: Cursor) {
    alertRules(first: $first, after: $after) {
      edges {
        node {
          id
          ...Rule
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: AlertRulesQuery) => data.alertRules.pageInfo;

/** What raises alerts: the rules that admins made, and those that are built in. */
export function RulesPage() {
  const { t } = useTranslation();
  const maySee = useCanEverywhere('ALERTS_VIEW');
  const mayManage = useCanEverywhere('ALERTS_MANAGE'); // a rule may look at everything
  const [adding, setAdding] = useState(false);
  const pages = usePages(AlertRulesDocument, { first: 50 }, endOf);
  useAlertChanges(pages.refresh);
  const rules = pages.pages.flatMap((page) => page.alertRules.edges.map(({ node }) => node));
  const add = mayManage && (
    <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={() => setAdding(true)}>
      {t('alertRules.add')}
    </Button>
  );
  return (
    <Page title={t('alertRules.title')}>
      <p className={classes.explained}>
        {t('alertRules.explained')} <Link {...paths.alerts()}>{t('alertRules.back')}</Link>
      </p>
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />}
      {pages.pages.length === 0 && !pages.error && <SkeletonRows rows={3} />}
      {!maySee && <p className={classes.explained}>{t('alertRules.ownHidden')}</p>}
      {maySee && pages.pages.length > 0 && rules.length === 0 && (
        <EmptyState title={t('alertRules.none')} explanation={t('alertRules.noneExplained')} action={add} />
      )}
      {rules.length > 0 && (
        <>
          <div className={classes.bar}>{add}</div>
          <ul className={classes.list} aria-label={t('alertRules.own')}>
            {rules.map((rule) => (
              <RuleRow
                key={rule.id}
                rule={unmask(RuleFragment, rule)}
                mayManage={mayManage}
                changed={pages.refresh}
              />
            ))}
          </ul>
        </>
      )}
      {pages.hasMore && (
        <Button variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      <BuiltInRules mayManage={mayManage} />
      {adding && <RuleForm rule={null} close={() => setAdding(false)} saved={pages.refresh} />}
    </Page>
  );
}
