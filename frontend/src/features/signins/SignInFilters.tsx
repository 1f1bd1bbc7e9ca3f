import { Button, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { authActions } from '@/components/entry/actions';
import { DaysFilter } from '@/components/filters/DaysFilter';
import { FoldedFilters } from '@/components/filters/FoldedFilters';
import { OutcomeFilter } from '@/components/filters/OutcomeFilter';
import { SourceFilter } from '@/components/filters/SourceFilter';
import type { SignInsSearch } from '@/lib/paths';
import classes from './SignIns.module.css';

interface SignInFiltersProps {
  search: SignInsSearch;
  change(search: SignInsSearch): void;
}

/** Which sign-ins are listed; every choice stands in the address. */
export function SignInFilters({ search, change }: SignInFiltersProps) {
  const { t } = useTranslation();
  const set = Object.values(search).filter(Boolean).length;
  return (
    <div className={classes.filters}>
      <FoldedFilters set={set}>
        <Select
          aria-label={t('signIns.action')}
          placeholder={t('signIns.allActions')}
          data={authActions.map((action) => ({ value: action, label: t(`actions.${action}`) }))}
          value={search.action ?? null}
          onChange={(action) => change({ action: action ?? undefined })}
          clearable
          clearButtonProps={{ 'aria-label': t('filters.clear') }}
          w={190}
        />
        <OutcomeFilter value={search.outcome} change={(outcome) => change({ outcome })} />
        <SourceFilter value={search.source} change={(source) => change({ source })} />
        <DaysFilter from={search.from} to={search.to} change={change} />
        {set > 0 && (
          <Button
            variant="subtle"
            onClick={() =>
              change({
                action: undefined,
                outcome: undefined,
                source: undefined,
                from: undefined,
                to: undefined,
              })
            }
          >
            {t('filters.clearAll')}
          </Button>
        )}
      </FoldedFilters>
    </div>
  );
}
