import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import list from '@/components/handover/Handover.module.css';
import { HandoverCard } from '@/components/handover/HandoverCard';
import { useOffered } from '@/components/handover/useOffered';
import { failureOf } from '@/lib/graphql/failure';
import classes from './Account.module.css';

/** The keys that others want to hand to whoever is signed in. */
export function OffersSection() {
  const { t } = useTranslation();
  const { offered, loaded, allowed, error, refresh } = useOffered();
  if (!allowed) return null;
  return (
    <section className={classes.section} aria-labelledby="offers">
      <h2 id="offers">{t('handover.offered')}</h2>
      <p>{loaded && offered.length === 0 ? t('handover.noneOffered') : t('handover.offeredExplained')}</p>
      {error && <FailureNotice failure={failureOf(error)} retry={refresh} />}
      {!loaded && !error && <SkeletonRows rows={1} />}
      {offered.length > 0 && (
        <ul className={list.list}>
          {offered.map((handover) => (
            <li key={handover.id}>
              <HandoverCard handover={handover} settled={refresh} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
