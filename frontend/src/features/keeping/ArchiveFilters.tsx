import { Button, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ArchiveState, Stream } from '@/gql/graphql';
import type { KeepingSearch } from '@/lib/paths';
import classes from './Keeping.module.css';
import { streams } from './streams';

const states: readonly ArchiveState[] = ['INTACT', 'DAMAGED', 'RESTORED'];
const nothing: KeepingSearch = { stream: undefined, state: undefined, from: undefined, to: undefined };

interface ArchiveFiltersProps {
  search: KeepingSearch;
  change(search: KeepingSearch): void;
}

/** Which archives are listed; every choice stands in the address. */
export function ArchiveFilters({ search, change }: ArchiveFiltersProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.filters} aria-label={t('keeping.archiveFilters')}>
      <Select
        label={t('keeping.stream')}
        placeholder={t('keeping.anyStream')}
        data={streams.map((stream) => ({ value: stream, label: t(`timeline.stream.${stream}`) }))}
        value={search.stream ?? null}
        onChange={(stream) => change({ stream: (stream as Stream | null) ?? undefined })}
        clearable
        clearButtonProps={{ 'aria-label': t('filters.clear') }}
      />
      <Select
        label={t('keeping.state')}
        placeholder={t('keeping.anyState')}
        data={states.map((state) => ({ value: state, label: t(`keeping.archiveStates.${state}`) }))}
        value={search.state ?? null}
        onChange={(state) => change({ state: (state as ArchiveState | null) ?? undefined })}
        clearable
        clearButtonProps={{ 'aria-label': t('filters.clear') }}
      />
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          type="date"
          label={t(`signIns.${end}`)}
          value={search[end] ?? ''}
          onChange={(event) => change({ [end]: event.currentTarget.value || undefined })}
        />
      ))}
      {Object.values(search).some(Boolean) && (
        <Button variant="subtle" onClick={() => change(nothing)}>
          {t('filters.clearAll')}
        </Button>
      )}
    </fieldset>
  );
}
