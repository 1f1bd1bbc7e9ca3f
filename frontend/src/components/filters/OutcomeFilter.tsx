import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Outcome } from '@/gql/graphql';

const outcomes: readonly Outcome[] = ['SUCCESS', 'FAILURE', 'DENIED'];

interface OutcomeFilterProps {
  value: Outcome | undefined;
  change(outcome: Outcome | undefined): void;
}

/** Which outcome entries have; any while none is chosen. */
export function OutcomeFilter({ value, change }: OutcomeFilterProps) {
  const { t } = useTranslation();
  return (
    <Select
      aria-label={t('entry.outcome')}
      placeholder={t('signIns.allOutcomes')}
      data={outcomes.map((outcome) => ({ value: outcome, label: t(`outcomes.${outcome}`) }))}
      value={value ?? null}
      onChange={(outcome) => change((outcome as Outcome | null) ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': t('filters.clear') }}
      w={155}
    />
  );
}
