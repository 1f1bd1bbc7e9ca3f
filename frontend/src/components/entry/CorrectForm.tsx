import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { useSession } from '@/lib/session/session';
import { instantOf, wallClockOf } from '@/lib/time/calendar';
import { newId } from '@/lib/uuid';
import { useAnnounce } from '../feedback/announce';
import { FailureNotice } from '../feedback/FailureNotice';
import { HolderField } from '../holder/HolderField';
import { changeOf, correctableIn, type Truth } from './correction';
import classes from './fields.module.css';

const CorrectMovementDocument = graphql(`
  mutation CorrectMovement($input: CorrectMovementInput!) {
    correctMovement(input: $input) {
      entry {
        id
        ...Movement
      }
      loan {
        id
        issuedAt
        returnedAt
        end
        holder {
          id
          name
        }
      }
      key {
        id
        ...KeyLive
      }
    }
  }
`);

interface CorrectFormProps {
  entry: {
    seq: string;
    action: string;
    occurredAt: string;
    holder: { id: string; name: string } | null;
    comment: string;
  };
  close(): void;
  done(): void;
}

/** Says what was wrong about a movement, and why; what was recorded stays. */
export function CorrectForm({ entry, close, done }: CorrectFormProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { timeZone } = useSession().server;
  const can = correctableIn(entry.action);
  const [before] = useState<Truth>(() => ({
    wallClock: wallClockOf(Date.parse(entry.occurredAt), timeZone),
    holder: entry.holder,
    comment: entry.comment,
    void: false,
  }));
  const [after, setAfter] = useState(before);
  const [reason, setReason] = useState('');
  const [idempotencyKey, setIdempotencyKey] = useState(newId);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, correct] = useMutation(CorrectMovementDocument);
  const set = (change: Partial<Truth>) => {
    setAfter((former) => ({ ...former, ...change }));
    setIdempotencyKey(newId());
  };
  const at = instantOf(after.wallClock, timeZone);
  const change = changeOf(before, after, at);
  const refused = (field: string) => (failure?.field === field ? failure.message : null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!change || !reason.trim() || (at === null && !after.void) || fetching) return;
    setFailure(null);
    const { error } = await correct({
      input: { entry: entry.seq, ...change, reason: reason.trim(), idempotencyKey },
    });
    if (error) return setFailure(failureOf(error));
    announce(t('correct.done', { seq: entry.seq }));
    done();
  };
  return (
    <form className={classes.correct} onSubmit={submit} noValidate aria-labelledby="correct">
      <h3 id="correct">{t('correct.title', { seq: entry.seq })}</h3>
      <p>{t('correct.explained')}</p>
      <TextInput
        type="datetime-local"
        label={t('correct.time')}
        description={t('correct.timeZone', { zone: timeZone })}
        value={after.wallClock}
        onChange={(event) => set({ wallClock: event.currentTarget.value })}
        disabled={after.void}
        error={tried && at === null && !after.void ? t('correct.unreadable') : refused('occurredAt')}
        data-autofocus
      />
      {can?.holder && !after.void && (
        <HolderField
          label={t('correct.holder')}
          required={false}
          value={after.holder}
          change={(holder) => set({ holder })}
          error={refused('holder')}
        />
      )}
      <Textarea
        label={t('correct.comment')}
        value={after.comment}
        onChange={(event) => set({ comment: event.currentTarget.value })}
        disabled={after.void}
        maxLength={2000}
        autosize
        minRows={1}
        maxRows={6}
        error={refused('comment')}
      />
      {can?.void && (
        <Checkbox
          label={t('correct.void')}
          checked={after.void}
          onChange={(event) => set({ void: event.currentTarget.checked })}
        />
      )}
      <TextInput
        label={t('correct.reason')}
        value={reason}
        onChange={(event) => {
          setReason(event.currentTarget.value);
          setIdempotencyKey(newId());
        }}
        maxLength={500}
        required
        withAsterisk={false}
        error={tried && !reason.trim() ? t('correct.reasonMissing') : refused('reason')}
      />
      {tried && !change && <p role="alert">{t('correct.unchanged')}</p>}
      {failure && <FailureNotice failure={failure} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={fetching}>
          {t('correct.submit')}
        </Button>
      </div>
    </form>
  );
}
