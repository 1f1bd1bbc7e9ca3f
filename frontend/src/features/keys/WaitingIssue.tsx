import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import classes from './KeyPage.module.css';
import { WaitingChip } from './WaitingChip';
import type { Waiting } from './waiting';

/** Above a key's facts: an issue of it that waits for a second person, and where that is decided. */
export function WaitingIssue({ waiting }: { waiting: Waiting }) {
  const { t } = useTranslation();
  const mayApprove = useCan('KEYS_APPROVE');
  const mayIssue = useCan('KEYS_ISSUE');
  return (
    <section className={classes.waiting} aria-label={t('keys.waiting.title')}>
      <WaitingChip waiting={waiting} />{' '}
      <span className={classes.until}>
        {t('keys.waiting.until')} <Instant at={waiting.expiresAt} />
      </span>{' '}
      {(mayApprove || mayIssue) && <Link {...paths.approvals()}>{t('keys.waiting.look')}</Link>}
    </section>
  );
}
