import { TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './DaysFilter.module.css';

interface DaysFilterProps {
  /** The first and the last day, or instants of them; open where there is none. */
  from: string | undefined;
  to: string | undefined;
  change(end: { from?: string | undefined } | { to?: string | undefined }): void;
}

/** From which day to which, both included. */
export function DaysFilter({ from, to, change }: DaysFilterProps) {
  const { t } = useTranslation();
  const id = useId();
  const days = { from, to };
  return (['from', 'to'] as const).map((end) => (
    <span className={classes.day} key={end}>
      <label htmlFor={`${id}-${end}`}>{t(`signIns.${end}`)}</label>
      <TextInput
        id={`${id}-${end}`}
        type="date"
        value={days[end]?.slice(0, 10) ?? ''}
        onChange={(event) => change({ [end]: event.currentTarget.value || undefined })}
      />
    </span>
  ));
}
