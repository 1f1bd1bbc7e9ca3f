import { VisuallyHidden } from '@mantine/core';
import { IconCheck, IconFlag } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ReviewedFragment } from '@/gql/graphql';
import { useFormats } from '@/lib/session/clock';
import classes from './Review.module.css';

/** What reviewers said of an entry last: what, who, and on hover when and with which note. */
export function ReviewChip({ review }: { review: NonNullable<ReviewedFragment['review']> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const flagged = review.state === 'FLAGGED';
  const Icon = flagged ? IconFlag : IconCheck;
  const word = review.verdict
    ? t(`review.verdicts.${review.verdict}`)
    : t(`review.states.${flagged ? 'FLAGGED' : 'REVIEWED'}`);
  const when = formats.dateTime(review.at);
  return (
    <span
      className={classes.chip}
      data-state={review.verdict === 'INCIDENT' || review.verdict === 'SUSPICIOUS' ? 'FLAGGED' : review.state}
      title={[when, review.note].filter(Boolean).join(' · ')}
    >
      <Icon size={13} stroke={2.2} aria-hidden="true" />
      {!flagged && <VisuallyHidden>{t('review.states.REVIEWED')}: </VisuallyHidden>}
      {word}
      {review.by && ` · ${review.by.name}`}
      <VisuallyHidden>{`, ${when}`}</VisuallyHidden>
    </span>
  );
}
