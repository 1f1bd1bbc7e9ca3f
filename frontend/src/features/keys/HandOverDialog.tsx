import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { type Holder, HolderField } from '@/components/holder/HolderField';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import classes from './DeskForm.module.css';
import { DueField, useDue } from './DueField';
import type { KeyRow } from './keyRow';
import { useOverride } from './useOverride';

const HandOverKeysDocument = graphql(`
  mutation HandOverKeys($input: HandOverKeysInput!) {
    handOverKeys(input: $input) {
      handovers {
        id
        ...Handover
        loan {
          id
          handover {
            id
          }
        }
      }
      entries {
        id
        ...Movement
      }
    }
  }
`);

interface HandOverDialogProps {
  keyRow: KeyRow;
  close(): void;
}

/** Offers a key that is out to another holder, who has to accept it. */
export function HandOverDialog({ keyRow: { id, number }, close }: HandOverDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey] = useState(newId);
  const [receiver, setReceiver] = useState<Holder | null>(null);
  const [badge, setBadge] = useState('');
  const [otherDue, setOtherDue] = useState(false);
  const due = useDue('week');
  const [comment, setComment] = useState('');
  const override = useOverride();
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, handOver] = useMutation(HandOverKeysDocument);
  const nobody = !receiver && badge.trim() === '';
  const dueMissing = otherDue && !due.at;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (nobody || dueMissing || (otherDue && due.problem) || fetching) return;
    if (!override.ready(failure)) return;
    setFailure(null);
    const { error } = await handOver({
      input: {
        keys: [id],
        ...(receiver ? { to: receiver.id } : { toBadge: badge.trim() }),
        comment: comment.trim() || null,
        ...(otherDue && { dueAt: due.at }),
        ...override.input,
        idempotencyKey,
      },
    });
    if (error) return fail(failureOf(error));
    announce(
      receiver
        ? t('keys.offered', { number, name: receiver.name })
        : t('keys.offeredToBadge', { number, badge }),
    );
    close();
  };
  const fail = (why: Failure) => {
    setFailure(why);
    override.refused(why);
  };
  const refused = (field: string) => (failure?.field === field ? failure.message : null);
  return (
    <Dialog opened close={close} title={t('keys.handOverTitle', { number })}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <p>{t('keys.handOverExplained')}</p>
        <HolderField
          label={t('keys.receiver')}
          value={receiver}
          change={(next) => {
            setReceiver(next);
            if (next) setBadge('');
            override.forget();
          }}
          required={false}
          autoFocus
          error={tried && nobody ? t('keys.receiverMissing') : refused('to')}
        />
        {!receiver && (
          <TextInput
            label={t('keys.receiverBadge')}
            description={t('keys.receiverBadgeExplained')}
            value={badge}
            onChange={(event) => setBadge(event.currentTarget.value)}
            maxLength={100}
            autoComplete="off"
            error={refused('toBadge')}
          />
        )}
        <Checkbox
          label={t('keys.newDue')}
          checked={otherDue}
          onChange={(event) => setOtherDue(event.currentTarget.checked)}
        />
        {otherDue && (
          <DueField
            due={due}
            error={tried ? due.problem : null}
            refused={tried && dueMissing ? t('keys.extendNeedsDue') : refused('dueAt')}
            openEnd={false}
          />
        )}
        <Textarea
          label={t('keys.comment')}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
          maxLength={2000}
          autosize
          minRows={1}
          maxRows={6}
        />
        {failure && <FailureNotice failure={failure} />}
        {override.field}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {t('keys.handOver')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
