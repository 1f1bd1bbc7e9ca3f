import { IconHourglass } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import chip from '@/components/StateChip.module.css';
import classes from './WaitingChip.module.css';
import type { Waiting } from './waiting';

/** That a key waits for a second person's approval, and who asked for whom. */
export function WaitingChip({ waiting: { requestedBy, holder } }: { waiting: Waiting }) {
  const { t } = useTranslation();
  const asked = t('keys.waiting.askedBy', { name: requestedBy?.name ?? t('approvals.somebody') });
  const words = `${t('keys.waiting.forWhom', { name: holder.name })}, ${asked}`;
  return (
    <span className={classes.line} title={words}>
      <span className={chip.chip} data-state="WAITING">
        <IconHourglass size={13} stroke={2.4} aria-hidden="true" />
        {t('keys.waiting.title')}
      </span>
      <span className={classes.who}>{words}</span>
    </span>
  );
}
