import { Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The most characters that the server keeps of a reason. */
export const longestReason = 500;

interface OverrideFieldProps {
  value: string;
  change(value: string): void;
  error: string | null;
}

/** Why keys go out against the groups' rules or somebody's reservation. */
export function OverrideField({ value, change, error }: OverrideFieldProps) {
  const { t } = useTranslation();
  return (
    <Textarea
      label={t('override.reason')}
      description={t('override.explained')}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      maxLength={longestReason}
      autosize
      minRows={2}
      error={error}
      autoFocus
    />
  );
}
