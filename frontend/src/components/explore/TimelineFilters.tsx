import { Button, Chip, Group, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DaysFilter } from '@/components/filters/DaysFilter';
import { FoldedFilters } from '@/components/filters/FoldedFilters';
import { OutcomeFilter } from '@/components/filters/OutcomeFilter';
import { SourceFilter } from '@/components/filters/SourceFilter';
import type { ReviewState, Stream } from '@/gql/graphql';
import type { TimelineSearch } from '@/lib/paths';
import { useToday } from '@/lib/session/clock';
import { useCan } from '@/lib/session/session';
import classes from './Explore.module.css';
import { reviewedAs } from './filter';
import { FilterField } from './typed/FilterField';
import { conditions } from './typed/grammar';
import { WordFilter } from './WordFilter';

const reviewStates: readonly ReviewState[] = ['UNREVIEWED', 'FLAGGED', 'REVIEWED'];

interface TimelineFiltersProps {
  search: TimelineSearch;
  /** The streams that the reader may see. */
  streams: readonly Stream[];
  change(search: TimelineSearch): void;
}

/**
 * Which entries are listed; every choice stands in the address, so that a link is a saved view. On
 * a phone all but the typed line is folded away, since it would fill the screen.
 */
export function TimelineFilters({ search, streams, change }: TimelineFiltersProps) {
  const { t } = useTranslation();
  const today = useToday();
  const mayReview = useCan('LOGS_REVIEW');
  const filtered = Object.values(search).some(Boolean);
  const set = [...conditions, 'text' as const].filter((each) => search[each] !== undefined).length;
  return (
    <div className={classes.filters}>
      <FilterField search={search} change={change} />
      <FoldedFilters set={set}>
        <Chip.Group
          multiple
          value={search.streams ?? []}
          onChange={(chosen) => change({ streams: chosen.length > 0 ? (chosen as Stream[]) : undefined })}
        >
          <Group gap={6} role="group" aria-label={t('timeline.streams')}>
            {streams.map((stream) => (
              <Chip key={stream} value={stream} size="xs" variant="outline">
                {t(`timeline.stream.${stream}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <WordFilter name={t('timeline.text')} value={search.text} change={(text) => change({ text })} wide />
        <WordFilter name={t('entry.action')} value={search.action} change={(action) => change({ action })} />
        <WordFilter name={t('entry.module')} value={search.module} change={(module) => change({ module })} />
        <WordFilter
          name={t('timeline.entityType')}
          value={search.entityType}
          change={(entityType) => change({ entityType })}
        />
        <WordFilter
          name={t('timeline.entity')}
          value={search.entity}
          change={(entity) => change({ entity })}
        />
        <WordFilter
          name={t('timeline.keyNumber')}
          value={search.keyNumber}
          change={(keyNumber) => change({ keyNumber })}
        />
        <SourceFilter value={search.source} change={(source) => change({ source })} />
        <OutcomeFilter value={search.outcome} change={(outcome) => change({ outcome })} />
        {mayReview && (
          <Select
            aria-label={t('review.title')}
            placeholder={t('review.all')}
            data={reviewStates.map((state) => ({ value: state, label: t(`review.states.${state}`) }))}
            value={search.review ?? null}
            onChange={(state) =>
              change(reviewedAs((state as ReviewState | null) ?? undefined, search, today))
            }
            clearable
            clearButtonProps={{ 'aria-label': t('filters.clear') }}
            w={150}
          />
        )}
        <DaysFilter from={search.from} to={search.to} change={change} />
        {filtered && (
          <Button variant="subtle" onClick={() => change(nothing)}>
            {t('filters.clearAll')}
          </Button>
        )}
      </FoldedFilters>
    </div>
  );
}

const nothing: TimelineSearch = {
  streams: undefined,
  person: undefined,
  actor: undefined,
  action: undefined,
  module: undefined,
  entityType: undefined,
  entity: undefined,
  keyNumber: undefined,
  source: undefined,
  outcome: undefined,
  review: undefined,
  text: undefined,
  from: undefined,
  to: undefined,
};
