import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { addHour, filterOf, stepOf } from '@/components/explore/filter';
import { graphql } from '@/gql';
import type { LogFilter } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import type { TimelineSearch } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import classes from './Timeline.module.css';
import { useCountAgain } from './useCountAgain';

const HistogramDocument = graphql(`
  query TimelineHistogram($filter: LogFilter, $by: CountBy!, $timeZone: String) {
    logCounts(filter: $filter, by: $by, timeZone: $timeZone) {
      total
      truncated
      counts {
        key
        at
        total
      }
    }
  }
`);

interface HistogramProps {
  filter: LogFilter;
  window: { from: string; to: string };
  timeZone: string;
  /** Narrows the window to the bars from one to another. */
  choose(window: Pick<TimelineSearch, 'from' | 'to'>): void;
  /** How often it has been counted again. */
  counted: number;
}

interface Bar {
  /** As it stands in an address: a day, or the wall clock reading at which an hour begins. */
  from: string;
  to: string;
  label: string;
  total: number;
}

/** How much happened when, for the filter; a bar, or a drag over several, narrows the window to them. */
export function Histogram({ filter, window, timeZone, choose, counted }: HistogramProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const by = stepOf(window);
  const { from, to } = filterOf(window, timeZone);
  const [{ data, error }, ask] = useQuery({
    query: HistogramDocument,
    variables: { filter: { ...filter, from, to }, by, timeZone },
    requestPolicy: 'cache-and-network',
  });
  useCountAgain(counted, ask);
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null);
  if (error) return <p className={classes.uncounted}>{failureOf(error).message}</p>;
  if (!data) return <Skeleton className={classes.histogram} height={56} />;
  const bars = data.logCounts.counts.map((count): Bar => {
    if (by === 'DAY') {
      return { from: count.key, to: count.key, label: formats.shortDay(count.key), total: count.total };
    }
    const at = count.at ?? count.key;
    const start = `${formats.dateOf(at)}T${formats.time(at)}`;
    return { from: start, to: addHour(start), label: formats.dateTime(at), total: count.total };
  });
  const most = Math.max(1, ...bars.map((bar) => bar.total));
  const finish = (end: number) => {
    const [first, last] = [bars[Math.min(drag?.start ?? end, end)], bars[Math.max(drag?.start ?? end, end)]];
    setDrag(null);
    if (first && last) choose({ from: first.from, to: last.to });
  };
  const isChosen = (index: number) =>
    drag !== null && index >= Math.min(drag.start, drag.end) && index <= Math.max(drag.start, drag.end);
  return (
    <figure className={classes.histogram}>
      <figcaption>
        {t('overview.total', {
          count: data.logCounts.total,
          shown: formats.number(data.logCounts.total),
          from: formats.day(window.from.slice(0, 10)),
          to: formats.day(window.to.slice(0, 10)),
        })}
        {data.logCounts.truncated && ` ${t('timeline.truncated')}`}
      </figcaption>
      <div className={classes.bars} ref={showNewest} onPointerLeave={() => setDrag(null)}>
        {bars.map((bar, index) => (
          <button
            key={bar.from}
            type="button"
            data-chosen={isChosen(index) || undefined}
            aria-label={t('timeline.bar', {
              when: bar.label,
              count: bar.total,
              total: formats.number(bar.total),
            })}
            title={`${bar.label}: ${formats.number(bar.total)}`}
            onPointerDown={() => setDrag({ start: index, end: index })}
            onPointerEnter={() => drag && setDrag({ ...drag, end: index })}
            onPointerUp={() => drag && finish(index)}
            onClick={(event) => event.detail === 0 && finish(index)} // by keys, or by what speaks the page
          >
            <span style={{ height: `${Math.ceil((bar.total / most) * 100)}%` }} />
          </button>
        ))}
      </div>
    </figure>
  );
}

/** On a phone the bars scroll sideways; the newest are seen first. */
function showNewest(bars: HTMLElement | null) {
  if (bars) bars.scrollLeft = bars.scrollWidth;
}
