import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { useFormats } from '@/lib/session/clock';
import { newId } from '@/lib/uuid';
import classes from './DeskForm.module.css';
import { DueField, useDue } from './DueField';
import type { KeyRow } from './keyRow';
import { useOverride } from './useOverride';

const ExtendLoanDocument = graphql(`
  mutation ExtendLoan($input: ExtendLoanInput!) {
    extendLoan(input: $input) {
      loan {
        id
        dueAt
        overdue
        key {
          id
          ...KeyLive
        }
      }
      entry {
        id
        ...Movement
      }
    }
  }
`);

interface ExtendDialogProps {
  keyRow: KeyRow;
  loan: NonNullable<KeyRow['loan']>;
  close(): void;
}

/** Moves the due time of a loan on, without the key coming back. */
export function ExtendDialog({ keyRow: { number }, loan, close }: ExtendDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const formats = useFormats();
  const [idempotencyKey] = useState(newId);
  const due = useDue('week');
  const [reason, setReason] = useState('');
  const override = useOverride();
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, extend] = useMutation(ExtendLoanDocument);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!due.at || due.problem || fetching) return;
    if (!override.ready(failure)) return;
    setFailure(null);
    const answer = await extend({
      input: {
        loan: loan.id,
        dueAt: due.at,
        reason: reason.trim() || null,
        ...override.input,
        idempotencyKey,
      },
    });
    if (answer.error) return fail(failureOf(answer.error));
    announce(t('keys.extended', { number, at: formats.dateTime(due.at) }));
    close();
  };
  const fail = (why: Failure) => {
    setFailure(why);
    override.refused(why);
  };
  const refused = failure?.field === 'dueAt' ? failure.message : null;
  const missing = tried && due.choice === 'none' ? t('keys.extendNeedsDue') : null;
  return (
    <Dialog opened close={close} title={t('keys.extendTitle', { number })}>
      <form className={classes.form} onSubmit={submit} noValidate>
        {loan.dueAt && <p>{t('keys.dueNow', { at: formats.dateTime(loan.dueAt) })}</p>}
        <DueField due={due} error={tried ? due.problem : null} refused={refused ?? missing} openEnd={false} />
        <TextInput
          label={t('keys.reason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
        />
        {failure && <FailureNotice failure={failure} />}
        {override.field}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {t('keys.extend')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
