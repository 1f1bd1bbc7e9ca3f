import { Button, Radio, Stack, TextInput } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { FlagEntriesDocument, ReviewEntriesDocument, verdicts } from '@/components/entry/reviewQuery';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import type { ReviewVerdict } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { useFormats } from '@/lib/session/clock';
import classes from './Review.module.css';

/** What is said of entries: that somebody should look at them, or what came of it. */
export type Said = 'FLAGGED' | 'REVIEWED';

interface MarkDialogProps {
  said: Said;
  /** The entries, by their places. */
  entries: string[];
  close(): void;
  marked(): void;
}

/** Flags or reviews entries. Enter says it, with a note or without. */
export function MarkDialog({ said, entries, close, marked }: MarkDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const formats = useFormats();
  const [{ fetching: flagging }, flag] = useMutation(FlagEntriesDocument);
  const [{ fetching: reviewing }, review] = useMutation(ReviewEntriesDocument);
  const [verdict, setVerdict] = useState<ReviewVerdict>('EXPECTED');
  const [note, setNote] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const busy = flagging || reviewing;
  const count = { count: entries.length, shown: formats.number(entries.length) };

  const say = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setFailure(null);
    const input = { entries, note: note.trim() || undefined };
    const answer =
      said === 'FLAGGED' ? await flag({ input }) : await review({ input: { ...input, verdict } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(said === 'FLAGGED' ? t('review.flagged', count) : t('review.reviewed', count));
    marked();
  };
  return (
    <Dialog
      opened
      close={close}
      title={said === 'FLAGGED' ? t('review.flagThese', count) : t('review.reviewThese', count)}
    >
      <form className={classes.form} onSubmit={say} noValidate>
        {said === 'REVIEWED' && (
          <Radio.Group
            label={t('review.verdict')}
            value={verdict}
            onChange={(chosen) => setVerdict(chosen as ReviewVerdict)}
            onKeyDown={submitOnEnter}
          >
            <Stack gap={8} mt={6}>
              {verdicts.map((one) => (
                <Radio
                  key={one}
                  value={one}
                  label={t(`review.verdicts.${one}`)}
                  data-autofocus={one === verdict || undefined}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        <TextInput
          label={t('review.note')}
          description={t('review.noteExplained')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          error={failure?.field === 'note' ? failure.message : null}
          maxLength={2000}
          data-autofocus={said === 'FLAGGED' || undefined}
        />
        {failure && failure.field !== 'note' && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {said === 'FLAGGED' ? t('review.flag') : t('review.review')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Enter on one of the verdicts says it, as it does in a field. */
function submitOnEnter(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  (event.target as HTMLInputElement).form?.requestSubmit();
}
