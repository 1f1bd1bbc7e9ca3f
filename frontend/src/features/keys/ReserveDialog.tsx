import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { type Holder, HolderField } from '@/components/holder/HolderField';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { useCan, useSession } from '@/lib/session/session';
import { addDays, dayIn, instantOf } from '@/lib/time/calendar';
import { newId } from '@/lib/uuid';
import classes from './DeskForm.module.css';

const ReserveKeysDocument = graphql(`
  mutation ReserveKeys($input: ReserveKeysInput!) {
    reserveKeys(input: $input) {
      reservations {
        id
        ...ReservationRow
      }
    }
  }
`);

interface ReserveDialogProps {
  keyId: string;
  number: string;
  close(): void;
  reserved(): void;
}

/** Reserves a key: for oneself, or for whomever one may reserve for. */
export function ReserveDialog({ keyId, number, close, reserved }: ReserveDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const seesPeople = useCan('PEOPLE_VIEW');
  const { person, server, clockOffset } = useSession();
  const tomorrow = addDays(dayIn(server.timeZone, Date.now() + clockOffset), 1);
  const [idempotencyKey] = useState(newId);
  const [holder, setHolder] = useState<Holder | null>(seesPeople ? null : person);
  const [times, setTimes] = useState({ from: `${tomorrow}T09:00`, to: `${tomorrow}T17:00` });
  const [comment, setComment] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, reserve] = useMutation(ReserveKeysDocument);
  const from = instantOf(times.from, server.timeZone);
  const to = instantOf(times.to, server.timeZone);
  const disordered = from !== null && to !== null && Date.parse(to) <= Date.parse(from);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!holder || !from || !to || disordered || fetching) return;
    setFailure(null);
    const input = {
      keys: [keyId],
      holder: holder.id,
      from,
      to,
      comment: comment.trim() || null,
      idempotencyKey,
    };
    const answer = await reserve({ input });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('reservations.reserved', { number, name: holder.name }));
    reserved();
    close();
  };
  const refused = (field: string) => (failure?.field === field ? failure.message : null);
  const time = (name: 'from' | 'to', problem: string | false) => ({
    label: t(`reservations.${name}`),
    value: times[name],
    onChange: (event: FormEvent<HTMLInputElement>) =>
      setTimes({ ...times, [name]: event.currentTarget.value }),
    error: (tried && problem) || refused(name),
  });

  return (
    <Dialog opened close={close} title={t('reservations.reserveKey', { number })}>
      <form className={classes.form} onSubmit={submit} noValidate>
        {seesPeople && (
          <HolderField
            value={holder}
            change={setHolder}
            error={tried && !holder ? t('keys.holderMissing') : refused('holder')}
          />
        )}
        <TextInput type="datetime-local" {...time('from', from === null && t('due.unreadable'))} />
        <TextInput
          type="datetime-local"
          description={t('due.zone', { zone: server.timeZone })}
          {...time('to', to === null ? t('due.unreadable') : disordered && t('reservations.disordered'))}
        />
        <Textarea
          label={t('keys.comment')}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
          maxLength={2000}
          autosize
          minRows={1}
          error={refused('comment')}
        />
        {failure && !['holder', 'from', 'to', 'comment'].includes(failure.field ?? '') && (
          <FailureNotice failure={failure} />
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {t('reservations.reserve')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
