import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import type { CountSubject } from '@/components/explore/countName';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { unmask } from '@/gql';
import type { LogFilter } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import type { TimelineSearch } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import { Days } from './Days';
import { Hours } from './Hours';
import { hasHours, lastDays, type Window } from './heat';
import { Kinds } from './Kinds';
import classes from './Overview.module.css';
import { KindCountsFragment, OverviewDocument, TimeCountsFragment } from './overviewQuery';

const subjects: readonly CountSubject[] = ['actor', 'action', 'module', 'outcome'];

interface FiguresProps {
  filter: LogFilter;
  search: TimelineSearch;
  window: Window;
  /** Changes the filter of the page. */
  choose(change: TimelineSearch): void;
}

/** How many entries a filter finds, by day, hour, who acted, action, module and outcome; each figure leads to its entries. */
export function Figures({ filter, search, window, choose }: FiguresProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { timeZone } = useSession().server;
  const [{ data, error }, ask] = useQuery({
    query: OverviewDocument,
    variables: { filter, timeZone, hours: hasHours(window) },
    requestPolicy: 'cache-and-network',
  });
  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  if (!data) return <Skeletons />;
  const day = unmask(TimeCountsFragment, data.day);
  const hour = data.hour && unmask(TimeCountsFragment, data.hour);
  if (day.total === 0) {
    return <EmptyState title={t('timeline.none')} explanation={t('overview.noneExplained')} />;
  }
  const counted = { ...search, ...window };
  return (
    <>
      <p className={classes.total} role="status">
        {t('overview.total', {
          count: day.total,
          shown: formats.number(day.total),
          from: formats.day(window.from.slice(0, 10)),
          to: formats.day(window.to.slice(0, 10)),
        })}{' '}
        {day.truncated && t('timeline.truncated')}
      </p>
      <Days counts={day.counts} search={search} window={window} />
      <Hours counts={hour?.counts} search={search} window={window} shorten={() => choose(lastDays(window))} />
      <div className={classes.kinds}>
        {subjects.map((subject) => (
          <Kinds
            key={subject}
            subject={subject}
            {...unmask(KindCountsFragment, data[subject])}
            search={counted}
          />
        ))}
      </div>
    </>
  );
}

function Skeletons() {
  return (
    <div aria-hidden="true">
      <Skeleton height={20} width={240} mb={16} />
      <Skeleton height={140} mb={20} />
      <Skeleton height={420} />
    </div>
  );
}
