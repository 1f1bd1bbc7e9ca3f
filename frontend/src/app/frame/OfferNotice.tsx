import { IconArrowsExchange } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useOffered } from '@/components/handover/useOffered';
import { paths } from '@/lib/paths';
import classes from './TopBar.module.css';

/** Says that keys are offered to whoever is signed in, and leads to where he accepts them. */
export function OfferNotice() {
  const { t } = useTranslation();
  const count = useOffered().offered.length;
  if (count === 0) return null;
  return (
    <Link {...paths.account()} className={classes.offer} aria-label={t('handover.offeredCount', { count })}>
      <IconArrowsExchange size={16} aria-hidden="true" />
      <span aria-hidden="true">{t('handover.offeredCount', { count })}</span>
      <b aria-hidden="true">{count}</b>
    </Link>
  );
}
