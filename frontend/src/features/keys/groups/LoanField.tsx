import { SegmentedControl, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './Groups.module.css';
import type { GroupDraft, Problems } from './rules';

interface LoanFieldProps {
  draft: GroupDraft;
  change(next: Partial<GroupDraft>): void;
  problems: Problems | null;
}

/** For how long keys go out when nobody says. */
export function LoanField({ draft, change, problems }: LoanFieldProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.takers}>
      <legend>{t('groups.defaultLoan')}</legend>
      <SegmentedControl
        size="xs"
        aria-label={t('groups.defaultLoan')}
        value={draft.loan}
        onChange={(loan) => change({ loan: loan as GroupDraft['loan'] })}
        data={(['open', 'minutes', 'until'] as const).map((value) => ({
          value,
          label: t(`groups.loans.${value}`),
        }))}
      />
      {draft.loan === 'minutes' && (
        <TextInput
          inputMode="numeric"
          label={t('groups.minutes')}
          value={draft.minutes}
          onChange={(event) => change({ minutes: event.currentTarget.value })}
          error={problems?.minutes && t('groups.minutesWrong')}
          maxLength={6}
        />
      )}
      {draft.loan === 'until' && (
        <TextInput
          type="time"
          label={t('groups.until')}
          value={draft.until}
          onChange={(event) => change({ until: event.currentTarget.value })}
          error={problems?.until && t('groups.timeMissing')}
        />
      )}
    </fieldset>
  );
}
