import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation, useQuery } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { BackupsQuery } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { BackupRow } from './BackupRow';
import classes from './Keeping.module.css';
import { Section } from './Section';

const ScheduleDocument = graphql(`
  query BackupSchedule {
    backupSchedule {
      on
      at
      zone
      keep
      directory
      nextDue
    }
  }
`);

const BackupsDocument = graphql(`
  query Backups($first: Int!, $after: Cursor) {
    backups(first: $first, after: $after) {
      edges {
        node {
          id
          state
          ...BackupRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const RunDocument = graphql(`
  mutation RunBackup {
    runBackup {
      backup {
        id
        state
      }
    }
  }
`);

const endOf = (data: BackupsQuery) => data.backups.pageInfo;

/** How often it is asked whether a backup is made. */
const interval = 2000;

/** The server's backups, when the next is made, and the button for one more. */
export function Backups() {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [refused, setRefused] = useState<Failure | null>(null);
  const [{ data, error }, ask] = useQuery({ query: ScheduleDocument });
  const [{ fetching }, run] = useMutation(RunDocument);
  const pages = usePages(BackupsDocument, { first: 10 }, endOf);
  const { refresh, loading } = pages;
  const backups = pages.pages.flatMap((page) => page.backups.edges.map(({ node }) => node));
  const running = backups.some(({ state }) => state === 'RUNNING');
  useEffect(() => {
    if (!running || loading) return;
    const timer = setTimeout(refresh, interval);
    return () => clearTimeout(timer);
  }, [running, loading, refresh]);
  const schedule = data?.backupSchedule;
  const failed = error ?? pages.error;
  const make = async () => {
    setRefused(null);
    const answer = await run({});
    refresh();
    if (answer.error) return setRefused(failureOf(answer.error));
    announce(t('keeping.backupBegun'));
  };
  return (
    <Section
      title={t('keeping.backups')}
      explained={t('keeping.backupsExplained')}
      aside={
        schedule?.on && (
          <Button variant="default" onClick={make} loading={fetching} disabled={running}>
            {t('keeping.backupNow')}
          </Button>
        )
      }
      loaded={Boolean(schedule) && pages.pages.length > 0}
      failure={failed ? failureOf(failed) : null}
      retry={() => {
        ask({ requestPolicy: 'network-only' });
        refresh();
      }}
    >
      {refused && <FailureNotice failure={refused} />}
      {schedule && !schedule.on && (
        <EmptyState title={t('keeping.backupsOff')} explanation={t('keeping.backupsOffExplained')} />
      )}
      {schedule?.on && (
        <p className={classes.muted}>
          {t('keeping.backupAt', schedule)}
          {schedule.nextDue && (
            <>
              {' '}
              {t('keeping.nextBackup')} <Instant at={schedule.nextDue} show="full" />
            </>
          )}
        </p>
      )}
      {schedule?.on && backups.length === 0 && <p>{t('keeping.noBackups')}</p>}
      <ul className={classes.list} aria-live="polite">
        {backups.map((backup) => (
          <BackupRow key={backup.id} backup={backup} />
        ))}
      </ul>
      {pages.hasMore && (
        <Button variant="default" onClick={pages.more} loading={loading}>
          {t('common.more')}
        </Button>
      )}
    </Section>
  );
}
