import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { graphql } from '@/gql';
import type { AtWorkNowQuery, WorkFeedStartQuery, WorkNewsSubscription } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { type EntryFeed, useEntryFeed } from '@/lib/graphql/useEntryFeed';
import { useFormats, useToday } from '@/lib/session/clock';
import { useSoon } from '@/lib/useSoon';
import classes from './Hours.module.css';
import { Unverified } from './Unverified';
import { useWhole } from './useWhole';
import type { WorkFilter } from './view';

const AtWorkNowDocument = graphql(`
  query AtWorkNow($filter: WorkerFilter!, $first: Int!, $after: Cursor) {
    atWork(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          person {
            id
            name
          }
          since
          lastReportAt
          workstations
          unverified
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const FeedStartDocument = graphql(`
  query WorkFeedStart {
    workLog(first: 1) {
      edges {
        node {
          id
          cursor
        }
      }
    }
  }
`);

const WorkNewsDocument = graphql(`
  subscription WorkNews($after: Cursor, $filter: LogFilter) {
    workFeed(after: $after, filter: $filter) {
      id
      cursor
    }
  }
`);

const feed: EntryFeed<WorkFeedStartQuery, WorkNewsSubscription, string> = {
  start: FeedStartDocument,
  cursorIn: (start) => start.workLog.edges[0]?.node.cursor,
  feed: WorkNewsDocument,
  entryIn: (data) => data.workFeed.id,
};

const endOf = (data: AtWorkNowQuery) => data.atWork.pageInfo;
const askAtMostEvery = 2_000;

/** Who works now; asked for again when a report arrives, once in two seconds at most. */
export function AtWorkNow({ filter }: { filter: WorkFilter }) {
  const { t } = useTranslation();
  const { pages, error, complete, refresh } = useWhole(AtWorkNowDocument, { filter, first: 100 }, endOf);
  useEntryFeed(feed, filter, useSoon(refresh, askAtMostEvery));
  const people = pages
    .flatMap((page) => page.atWork.edges.map(({ node }) => node))
    .toSorted((a, b) => a.person.name.localeCompare(b.person.name));
  return (
    <section className={classes.now} aria-labelledby="at-work">
      <h2 id="at-work">
        {t('hours.atWork')}
        {pages.length > 0 && (
          <span className={classes.count} aria-live="polite">
            {t('hours.atWorkCount', { count: people.length })}
          </span>
        )}
      </h2>
      {error && <FailureNotice failure={failureOf(error)} retry={refresh} />}
      {pages.length === 0 && !error && <SkeletonRows rows={1} />}
      {complete && people.length === 0 && <p className={classes.muted}>{t('hours.nobodyAtWork')}</p>}
      {people.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it
        <ul className={classes.workers} tabIndex={0} aria-labelledby="at-work">
          {people.map((worker) => (
            <AtWorkPerson key={worker.person.id} worker={worker} />
          ))}
        </ul>
      )}
    </section>
  );
}

type WorkerNow = AtWorkNowQuery['atWork']['edges'][number]['node'];

function AtWorkPerson({ worker }: { worker: WorkerNow }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const today = useToday();
  const at = (instant: string) => formats.compact(instant, today);
  return (
    <li title={t('hours.lastReport', { at: at(worker.lastReportAt) })}>
      <strong>{worker.person.name}</strong>
      <span className={classes.muted}>
        {t('hours.since', { at: at(worker.since) })}
        {worker.workstations > 1 && ` · ${t('hours.workstations', { count: worker.workstations })}`}
      </span>
      {worker.unverified && <Unverified />}
    </li>
  );
}
