import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import type { ApprovalLiveFragment } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import classes from './Approvals.module.css';
import type { Step } from './steps';

const DecideApprovalDocument = graphql(`
  mutation DecideApproval($input: DecideApprovalInput!) {
    decideApproval(input: $input) {
      approval {
        id
        ...ApprovalLive
      }
      loans {
        id
        key {
          id
          ...KeyLive
        }
      }
      entries {
        id
        ...Movement
      }
    }
  }
`);

const CancelApprovalDocument = graphql(`
  mutation CancelApproval($input: CancelApprovalInput!) {
    cancelApproval(input: $input) {
      approval {
        id
        ...ApprovalLive
      }
    }
  }
`);

/** What is to be done about which approval. */
export interface Decision {
  step: Step;
  approval: ApprovalLiveFragment;
}

interface DecisionDialogProps {
  decision: Decision;
  close(): void;
}

/** Approves, refuses or takes back, after a last look and with a note. */
export function DecisionDialog({ decision: { step, approval }, close }: DecisionDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey] = useState(newId);
  const [note, setNote] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [deciding, decide] = useMutation(DecideApprovalDocument);
  const [cancelling, cancel] = useMutation(CancelApprovalDocument);
  const busy = deciding.fetching || cancelling.fetching;
  const what = { numbers: approval.keys.map(({ number }) => number).join(', '), name: approval.holder.name };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setFailure(null);
    const about = { approval: approval.id, idempotencyKey };
    const answer =
      step === 'cancel'
        ? await cancel({ input: about })
        : await decide({ input: { ...about, approve: step === 'approve', note: note.trim() || null } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t(`approvals.${step}Done`, what));
    close();
  };
  return (
    <Dialog opened close={close} title={t(`approvals.${step}What`, what)}>
      <form className={classes.form} onSubmit={submit} noValidate>
        {step === 'cancel' ? (
          <p>{t('approvals.cancelExplained')}</p>
        ) : (
          <Textarea
            label={t('approvals.note')}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            maxLength={500}
            autosize
            minRows={2}
            error={failure?.field === 'note' ? failure.message : null}
            data-autofocus
          />
        )}
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.close')}
          </Button>
          <Button type="submit" loading={busy} color={step === 'approve' ? undefined : 'red'}>
            {t(`approvals.${step}`)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
