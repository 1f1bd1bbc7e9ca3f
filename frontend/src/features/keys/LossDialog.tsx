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

const ReportKeyLostDocument = graphql(`
  mutation ReportKeyLost($input: ReportKeyLostInput!) {
    reportKeyLost(input: $input) {
      key {
        id
        ...KeyLive
      }
      loan {
        id
        returnedAt
        end
      }
      entry {
        id
        ...Movement
      }
    }
  }
`);

const ReportKeyFoundDocument = graphql(`
  mutation ReportKeyFound($input: ReportKeyFoundInput!) {
    reportKeyFound(input: $input) {
      key {
        id
        ...KeyLive
      }
      entry {
        id
        ...Movement
      }
    }
  }
`);

interface LossDialogProps {
  what: 'lost' | 'found';
  id: string;
  number: string;
  close(): void;
}

/** Reports a key lost, or found again, with a comment. */
export function LossDialog({ what, id, number, close }: LossDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey] = useState(newId);
  const [comment, setComment] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [losing, reportLost] = useMutation(ReportKeyLostDocument);
  const [finding, reportFound] = useMutation(ReportKeyFoundDocument);
  const fetching = losing.fetching || finding.fetching;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fetching) return;
    setFailure(null);
    const input = { key: id, comment: comment.trim() || null, idempotencyKey };
    const { error } = await (what === 'lost' ? reportLost({ input }) : reportFound({ input }));
    if (error) return setFailure(failureOf(error));
    announce(t(`keys.${what}Done`, { number }));
    close();
  };
  return (
    <Dialog opened close={close} title={t(`keys.${what}Title`, { number })}>
      <form className={classes.form} onSubmit={submit}>
        <p>{t(`keys.${what}Explained`)}</p>
        <Textarea
          label={t('keys.comment')}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
          maxLength={2000}
          autosize
          minRows={1}
          maxRows={6}
          data-autofocus
        />
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" color={what === 'lost' ? 'red' : undefined} loading={fetching}>
            {t(what === 'lost' ? 'keys.reportLost' : 'keys.reportFound')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
