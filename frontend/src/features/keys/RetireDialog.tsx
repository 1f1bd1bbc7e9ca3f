import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import classes from './DeskForm.module.css';

const RetireKeyDocument = graphql(`
  mutation RetireKey($input: RetireKeyInput!) {
    retireKey(input: $input) {
      key {
        id
        ...KeyLive
      }
    }
  }
`);

interface RetireDialogProps {
  id: string;
  number: string;
  close(): void;
}

/** Says what retiring a key means, asks why, and does it. */
export function RetireDialog({ id, number, close }: RetireDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey] = useState(newId);
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, retire] = useMutation(RetireKeyDocument);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    const answer = await retire({ input: { id, reason: reason.trim() || null, idempotencyKey } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('keys.retired', { number }));
    close();
  };
  return (
    <Dialog opened close={close} title={t('keys.retireTitle', { number })}>
      <form className={classes.form} onSubmit={submit}>
        <p>{t('keys.retireExplained')}</p>
        <Textarea
          label={t('keys.reason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
          autosize
          minRows={1}
          data-autofocus
        />
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" color="red" loading={fetching}>
            {t('keys.retire')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
