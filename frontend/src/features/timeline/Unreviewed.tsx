import { Skeleton } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { useCountName } from '@/components/explore/countName';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import type { LogFilter } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { useFormats } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import { dayBounds } from '@/lib/time/calendar';
import classes from './Review.module.css';

const UnreviewedDocument = graphql(`
  query Unreviewed($unreviewed: LogFilter!, $flagged: LogFilter!) {
    unreviewed: logCounts(filter: $unreviewed, by: ACTION) {
      total
      truncated
      counts {
        key
        total
        title
      }
    }
    flagged: logCounts(filter: $flagged, by: ACTION) {
      total
    }
  }
`);

const shown = 6;

/** What nobody reviewed of a day: how much, of which kinds, and how much of it is flagged. */
export function Unreviewed({ day, filter }: { day: string; filter: LogFilter }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const nameOf = useCountName();
  const { timeZone } = useSession().server;
  const ofDay = { ...filter, ...dayBounds(day, timeZone) };
  const [{ data, error }, ask] = useQuery({
    query: UnreviewedDocument,
    variables: { unreviewed: { ...ofDay, review: 'UNREVIEWED' }, flagged: { ...ofDay, review: 'FLAGGED' } },
    requestPolicy: 'network-only',
  });
  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  if (!data) return <Skeleton height={72} />;
  const { unreviewed, flagged } = data;
  const others = unreviewed.counts.slice(shown).reduce((sum, count) => sum + count.total, 0);
  return (
    <section aria-label={t('review.unreviewed')}>
      <p>
        {t('review.unreviewedOf', {
          count: unreviewed.total,
          shown: formats.number(unreviewed.total),
          day: formats.longDay(day),
        })}{' '}
        {flagged.total > 0 &&
          t('review.flaggedStay', { count: flagged.total, shown: formats.number(flagged.total) })}
        {unreviewed.truncated && ` ${t('timeline.truncated')}`}
      </p>
      <dl className={classes.kinds}>
        {unreviewed.counts.slice(0, shown).map((count) => (
          <Fragment key={count.key}>
            <dt>{nameOf('action', { ...count, person: null })}</dt>
            <dd>{formats.number(count.total)}</dd>
          </Fragment>
        ))}
        {others > 0 && (
          <>
            <dt>{t('overview.others')}</dt>
            <dd>{formats.number(others)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
