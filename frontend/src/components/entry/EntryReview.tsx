import { Button, Select, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation, useQuery } from 'urql';
import { unmask } from '@/gql';
import type { ReviewVerdict } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { useAnnounce } from '../feedback/announce';
import { FailureNotice } from '../feedback/FailureNotice';
import { Instant } from '../Instant';
import classes from './EntryReview.module.css';
import {
  EntryReviewDocument,
  FlagEntriesDocument,
  ReviewEntriesDocument,
  ReviewedFragment,
  verdicts,
} from './reviewQuery';

/** What reviewers said of an entry, and what there is to say: that it is suspicious, or what came of looking at it. */
export function EntryReview({ seq }: { seq: string }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [{ data, error }, ask] = useQuery({
    query: EntryReviewDocument,
    variables: { seq },
    requestPolicy: 'network-only',
  });
  const [, flag] = useMutation(FlagEntriesDocument);
  const [, review] = useMutation(ReviewEntriesDocument);
  const [verdict, setVerdict] = useState<ReviewVerdict>('EXPECTED');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  const say = async (state: 'FLAGGED' | 'REVIEWED') => {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    const said = { entries: [seq], note: note.trim() || undefined };
    const answer =
      state === 'FLAGGED' ? await flag({ input: said }) : await review({ input: { ...said, verdict } });
    setBusy(false);
    if (answer.error) return setFailure(failureOf(answer.error));
    setNote('');
    announce(t(`review.states.${state}`));
  };
  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  const last = data?.entry && unmask(ReviewedFragment, data.entry).review;
  return (
    <form
      className={classes.review}
      aria-label={t('review.title')}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        say('REVIEWED');
      }}
    >
      <h3>{t('review.title')}</h3>
      {last ? (
        <p>
          <strong>{t(`review.states.${last.state === 'FLAGGED' ? 'FLAGGED' : 'REVIEWED'}`)}</strong>
          {last.verdict && `, ${t(`review.verdicts.${last.verdict}`)}`}
          {' · '}
          {last.by?.name ?? '—'}
          {' · '}
          <Instant at={last.at} show="full" />
          {last.note && <span className={classes.note}>{last.note}</span>}
        </p>
      ) : (
        <p>{t('review.none')}</p>
      )}
      <Select
        label={t('review.verdict')}
        data={verdicts.map((one) => ({ value: one, label: t(`review.verdicts.${one}`) }))}
        value={verdict}
        onChange={(chosen) => chosen && setVerdict(chosen as ReviewVerdict)}
        allowDeselect={false}
      />
      <Textarea
        label={t('review.note')}
        description={t('review.noteExplained')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={2000}
        autosize
        minRows={2}
      />
      {failure && <FailureNotice failure={failure} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={() => say('FLAGGED')} disabled={busy}>
          {t('review.flag')}
        </Button>
        <Button type="submit" loading={busy}>
          {t('review.review')}
        </Button>
      </div>
    </form>
  );
}
