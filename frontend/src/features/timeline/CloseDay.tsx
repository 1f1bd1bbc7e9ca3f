import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { filterOf, hasConditions } from '@/components/explore/filter';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import type { TimelineSearch } from '@/lib/paths';
import { useFormats, useToday } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import { isDay } from '@/lib/time/calendar';
import classes from './Review.module.css';
import { Unreviewed } from './Unreviewed';

const ReviewDayDocument = graphql(`
  mutation ReviewDay($input: ReviewDayInput!) {
    reviewDay(input: $input) {
      reviewed
      left
    }
  }
`);

interface CloseDayProps {
  search: TimelineSearch;
  /** Why entries of work are looked at, where they are. */
  purpose: string;
  close(): void;
}

/** Reviews what nobody flagged or reviewed of a day, after a look at what that is. */
export function CloseDay({ search, purpose, close }: CloseDayProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const formats = useFormats();
  const today = useToday();
  const { timeZone } = useSession().server;
  const [date, setDate] = useState(search.to?.slice(0, 10) ?? today);
  const [narrowed, setNarrowed] = useState(hasConditions(search));
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [left, setLeft] = useState(false);
  const [{ fetching }, review] = useMutation(ReviewDayDocument);
  const { from: _from, to: _to, review: _review, ...conditions } = search;
  const filter = filterOf(narrowed ? conditions : {}, timeZone, narrowed ? purpose : '');
  const missing = note.trim() === '';
  const wrongDay = !isDay(date) || date > today;

  const say = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fetching || missing || wrongDay) return;
    setFailure(null);
    const { data, error } = await review({ input: { date, timeZone, filter, note: note.trim() } });
    if (error) return setFailure(failureOf(error));
    const count = data?.reviewDay.reviewed ?? 0;
    announce(t('review.reviewed', { count, shown: formats.number(count) }));
    if (data?.reviewDay.left) return setLeft(true);
    close();
  };
  return (
    <Dialog opened close={close} title={t('review.closeDay')}>
      <form className={classes.form} onSubmit={say} noValidate>
        <TextInput
          type="date"
          label={t('review.day')}
          value={date}
          max={today}
          onChange={(event) => setDate(event.currentTarget.value)}
          error={wrongDay ? t('review.dayWrong') : null}
          data-autofocus
        />
        {hasConditions(search) && (
          <Checkbox
            label={t('review.onlyFilter')}
            checked={narrowed}
            onChange={(event) => setNarrowed(event.currentTarget.checked)}
          />
        )}
        {!wrongDay && <Unreviewed day={date} filter={filter} />}
        <Textarea
          label={t('review.dayNote')}
          description={t('review.noteExplained')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          error={
            tried && missing ? t('review.noteMissing') : failure?.field === 'note' ? failure.message : null
          }
          maxLength={2000}
          autosize
          minRows={2}
        />
        {left && <p role="status">{t('review.left')}</p>}
        {failure && failure.field !== 'note' && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {left ? t('review.goOn') : t('review.closeDay')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
