import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { useRecentPassword } from '@/components/RecentPassword';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Privacy.module.css';
import type { Decision } from './RequestCard';

const DecidePrivacyRequestDocument = graphql(`
  mutation DecidePrivacyRequest($input: DecidePrivacyRequestInput!) {
    decidePrivacyRequest(input: $input) {
      request {
        id
        ...PrivacyRequestCard
      }
    }
  }
`);

interface DecisionDialogProps {
  decision: Decision;
  close(): void;
  done(): void;
}

/** Erases the person of a request, or refuses to, after saying what that means. */
export function DecisionDialog({ decision: { approve, request }, close, done }: DecisionDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const recent = useRecentPassword();
  const [note, setNote] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, decide] = useMutation(DecidePrivacyRequestDocument);
  const { name } = request.person;

  const submit = async () => {
    if (fetching) return;
    setFailure(null);
    const answer = await decide({ input: { request: request.id, approve, note: note.trim() || null } });
    if (answer.error) {
      const failed = failureOf(answer.error);
      if (!recent.asks(failed, () => void submit())) setFailure(failed);
      return;
    }
    announce(t(approve ? 'privacy.approved' : 'privacy.refused', { name }));
    done();
    close();
  };
  return (
    <Dialog opened close={close} title={t(approve ? 'privacy.approveWhat' : 'privacy.refuseWhat', { name })}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        noValidate
      >
        <p>{t(approve ? 'privacy.approveExplained' : 'privacy.refuseExplained', { name })}</p>
        <Textarea
          label={t('privacy.note')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={500}
          autosize
          minRows={2}
          error={failure?.field === 'note' ? failure.message : null}
          data-autofocus
        />
        {failure && failure.field !== 'note' && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching} color={approve ? 'red' : undefined}>
            {t(approve ? 'privacy.approve' : 'privacy.refuse')}
          </Button>
        </div>
      </form>
      {recent.dialog}
    </Dialog>
  );
}
