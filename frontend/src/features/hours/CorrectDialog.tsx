import { Button, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { useNow, useToday } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import { instantOf, wallClockOf } from '@/lib/time/calendar';
import { newId } from '@/lib/uuid';
import { type CorrectionProblem, problemOf, usualTimes } from './correction';
import classes from './Hours.module.css';
import { PersonFilter } from './WorkerFilters';

const CorrectDocument = graphql(`
  mutation CorrectWorkHours($input: CorrectWorkHoursInput!) {
    correctWorkHours(input: $input) {
      entry {
        id
      }
    }
  }
`);

/** Whose hours. */
export interface Worker {
  id: string;
  name: string;
}

interface CorrectDialogProps {
  /** Null lets choose. */
  worker: Worker | null;
  /** The day that the times begin with. */
  day: string;
  close(): void;
}

/** Says whether somebody worked at a time, instead of what was reported. */
export function CorrectDialog({ worker, day, close }: CorrectDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { server } = useSession();
  const now = useNow(10_000);
  const what = useId();
  const [idempotencyKey] = useState(newId);
  const [person, setPerson] = useState(worker);
  const usual = usualTimes(day, useToday(), wallClockOf(now, server.timeZone));
  const [from, setFrom] = useState(usual.from);
  const [to, setTo] = useState(usual.to);
  const [working, setWorking] = useState(true);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [{ fetching, error }, send] = useMutation(CorrectDocument);
  const given = {
    person: person?.id ?? null,
    from: instantOf(from, server.timeZone),
    to: instantOf(to, server.timeZone),
    reason,
  };
  const problem = problemOf(given, now);
  const said = (...problems: CorrectionProblem[]) =>
    tried && problem && problems.includes(problem) ? t(`hours.correct.problem.${problem}`) : null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem || fetching || !person || !given.from || !given.to) return;
    const answer = await send({
      input: {
        person: person.id,
        from: given.from,
        to: given.to,
        working,
        reason: reason.trim(),
        idempotencyKey,
      },
    });
    if (answer.error) return;
    announce(t('hours.correct.done', { name: person.name }));
    close();
  };
  const title = worker ? t('hours.correct.of', { name: worker.name }) : t('hours.correct.title');
  return (
    <Dialog opened close={close} title={title}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <p>{t('hours.correct.explained')}</p>
        {!worker && (
          <PersonFilter
            label={t('hours.person')}
            value={person?.id}
            change={(id, name) => setPerson(id ? { id, name } : null)}
            error={said('person')}
          />
        )}
        <div className={classes.pair}>
          <TextInput
            type="datetime-local"
            label={t('hours.correct.from')}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
            error={said('from')}
          />
          <TextInput
            type="datetime-local"
            label={t('hours.correct.to')}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
            error={said('order', 'long', 'future')}
          />
        </div>
        <div>
          <span className={classes.label} id={what}>
            {t('hours.correct.what')}
          </span>
          <SegmentedControl
            fullWidth
            aria-labelledby={what}
            value={working ? 'working' : 'stopped'}
            onChange={(value) => setWorking(value === 'working')}
            data={(['working', 'stopped'] as const).map((value) => ({
              value,
              label: t(`hours.correct.${value}`),
            }))}
          />
        </div>
        <Textarea
          label={t('hours.correct.reason')}
          description={t('hours.correct.reasonHint')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={said('reason')}
          maxLength={500}
          autosize
          minRows={2}
        />
        {error && <FailureNotice failure={failureOf(error)} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {t('hours.correct.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
