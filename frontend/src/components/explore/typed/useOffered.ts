import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import type { CountBy } from '@/gql/graphql';
import type { TimelineSearch } from '@/lib/paths';
import { addDays } from '@/lib/time/calendar';
import { type CountSubject, useCountName } from '../countName';
import { filterOf } from '../filter';
import type { Offered } from './completion';
import { type Condition, choices, type Vocabulary } from './grammar';

const OfferedDocument = graphql(`
  query OfferedValues($filter: LogFilter, $by: CountBy!) {
    logCounts(filter: $filter, by: $by) {
      counts {
        key
        person {
          id
          name
        }
      }
    }
  }
`);

const countedBy: Partial<Record<Condition, CountBy>> = {
  person: 'PERSON',
  actor: 'PERSON',
  action: 'ACTION',
  module: 'MODULE',
};

/** The values on offer for a condition: those that entries of the rest of the filter have, most first. */
export function useOffered(
  condition: Condition | undefined,
  search: TimelineSearch,
  vocabulary: Vocabulary,
): Offered[] {
  const { t } = useTranslation();
  const nameOf = useCountName();
  const by = condition && countedBy[condition];
  const filter = useMemo(() => {
    const { streams, ...rest } = search;
    const shown = streams?.filter((stream) => stream !== 'WORK'); // which needs a purpose
    return filterOf(
      { ...rest, ...(condition && { [condition]: undefined }), ...(shown?.length && { streams: shown }) },
      vocabulary.zone,
    );
  }, [search, condition, vocabulary.zone]);
  const [{ data }] = useQuery({
    query: OfferedDocument,
    variables: { filter, by: by ?? 'ACTION' },
    pause: !by,
  });
  if (!condition) return [];
  if (by) {
    const counts = data?.logCounts.counts.filter(({ key }) => key !== '') ?? [];
    return counts.map((count) => {
      const label = nameOf(condition === 'person' ? 'actor' : (condition as CountSubject), count);
      return { value: count.person?.name ?? count.key, label, id: count.person?.id };
    });
  }
  if (condition === 'from' || condition === 'to') return days(vocabulary.today, t);
  return (choices[condition] ?? []).map((value) => {
    const label = vocabulary.values[condition]?.[value] ?? value;
    return { value: label, label };
  });
}

function days(
  today: string,
  t: (key: 'typed.today' | 'typed.yesterday' | 'typed.weekAgo' | 'typed.monthAgo') => string,
): Offered[] {
  return [
    { value: today, label: t('typed.today') },
    { value: addDays(today, -1), label: t('typed.yesterday') },
    { value: addDays(today, -7), label: t('typed.weekAgo') },
    { value: addDays(today, -30), label: t('typed.monthAgo') },
  ].map(({ value, label }) => ({ value, label: `${value} · ${label}` }));
}
