import { Button } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './FoldedFilters.module.css';

interface FoldedFiltersProps {
  /** How many conditions are set, those that are folded away included. */
  set: number;
  children: ReactNode;
}

/** Filters that a phone folds away, since they would fill its screen, behind a button that tells how many are set. */
export function FoldedFilters({ set, children }: FoldedFiltersProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const rest = useId();
  return (
    <>
      <Button
        className={classes.fold}
        variant="default"
        aria-expanded={open}
        aria-controls={rest}
        rightSection={<IconChevronDown size={16} aria-hidden="true" />}
        onClick={() => setOpen(!open)}
      >
        {set > 0 ? t('filters.conditions', { count: set }) : t('filters.title')}
      </Button>
      <div className={classes.rest} id={rest} data-folded={!open || undefined}>
        {children}
      </div>
    </>
  );
}
