import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { systemActions } from '@/components/entry/actions';
import { EntryDrawer, type EntryTarget } from '@/components/entry/EntryDrawer';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { SourceFilter } from '@/components/filters/SourceFilter';
import { graphql, unmask } from '@/gql';
import type { SystemLogQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import classes from './SystemLog.module.css';
import { SystemEntryFragment, SystemRow } from './SystemRow';

const SystemLogDocument = graphql(`
  query SystemLog($filter: LogFilter!, $first: Int!, $after: Cursor) {
    systemLog(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          ...SystemRowEntry
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const endOf = (data: SystemLogQuery) => data.systemLog.pageInfo;
const everything = 'all';

interface SystemLogProps {
  /** The action that is listed, or all; absent while the list is closed. */
  shown: string | undefined;
  show(next: string | undefined): void;
  /** The program whose entries are listed; any when absent. */
  source: string | undefined;
  from(source: string | undefined): void;
}

/** Who looked, and what keytrail did. It opens only when somebody asks, since looking at it is recorded, too. */
export function SystemLog({ shown, show, source, from }: SystemLogProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<EntryTarget | null>(null);
  return (
    <section className={classes.log} aria-labelledby="system-log">
      <h2 id="system-log">{t('systemLog.title')}</h2>
      <p>{t('systemLog.explained')}</p>
      <div className={classes.controls}>
        <Button
          variant="default"
          aria-expanded={shown !== undefined}
          onClick={() => show(shown === undefined ? everything : undefined)}
        >
          {t(shown === undefined ? 'systemLog.show' : 'systemLog.hide')}
        </Button>
        {shown !== undefined && <SourceFilter value={source} change={from} />}
        {shown !== undefined && (
          <Select
            aria-label={t('entry.action')}
            placeholder={t('signIns.allActions')}
            data={systemActions.map((action) => ({ value: action, label: t(`actions.${action}`) }))}
            value={shown === everything ? null : shown}
            onChange={(action) => show(action ?? everything)}
            clearable
            clearButtonProps={{ 'aria-label': t('filters.clear') }}
            w={230}
          />
        )}
      </div>
      {shown !== undefined && (
        <Entries
          key={`${shown} ${source ?? ''}`}
          action={shown === everything ? null : shown}
          source={source ?? null}
          open={setOpened}
        />
      )}
      <EntryDrawer target={opened} close={() => setOpened(null)} />
    </section>
  );
}

interface EntriesProps {
  action: string | null;
  source: string | null;
  open(entry: EntryTarget): void;
}

function Entries({ action, source, open }: EntriesProps) {
  const { t } = useTranslation();
  const pages = usePages(SystemLogDocument, { filter: { action, source }, first: 25 }, endOf);
  const entries = pages.pages.flatMap((page) =>
    page.systemLog.edges.map(({ node }) => unmask(SystemEntryFragment, node)),
  );
  if (pages.error && entries.length === 0)
    return <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />;
  if (pages.pages.length === 0) return <SkeletonRows rows={8} />;
  if (entries.length === 0)
    return <EmptyState title={t('systemLog.none')} explanation={t('systemLog.noneExplained')} />;
  return (
    <>
      <ul className={classes.list} aria-label={t('systemLog.title')}>
        {entries.map((entry) => (
          <SystemRow
            key={entry.id}
            entry={entry}
            open={() => open({ kind: 'SystemEntry', seq: entry.seq })}
          />
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
