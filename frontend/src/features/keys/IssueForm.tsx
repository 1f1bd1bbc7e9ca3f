import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { type Holder, HolderField } from '@/components/holder/HolderField';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import classes from './DeskForm.module.css';
import { DueField, useDue } from './DueField';
import { KeyTags } from './KeyTags';
import type { KeyRow } from './keyRow';

const IssueKeysDocument = graphql(`
  mutation IssueKeys($input: IssueKeysInput!) {
    issueKeys(input: $input) {
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

const longestComment = 2000;

interface IssueFormProps {
  keys: KeyRow[];
  close(): void;
  done(): void;
}

/** Holder, due time and comment for the keys that go out. */
export function IssueForm({ keys, close, done }: IssueFormProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey] = useState(newId);
  const [holder, setHolder] = useState<Holder | null>(null);
  const due = useDue();
  const [comment, setComment] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, issue] = useMutation(IssueKeysDocument);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!holder || due.problem || fetching) return;
    setFailure(null);
    const answer = await issue({
      input: {
        keys: keys.map((key) => key.id),
        holder: holder.id,
        dueAt: due.at,
        comment: comment.trim() || null,
        idempotencyKey,
      },
    });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('keys.issuedTo', { count: keys.length, number: keys[0]?.number, name: holder.name }));
    done();
  };

  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <KeyTags keys={keys} />
      <HolderField
        value={holder}
        change={setHolder}
        error={tried && !holder ? t('keys.holderMissing') : messageFor(failure, 'holder')}
      />
      <DueField due={due} error={tried ? due.problem : null} refused={messageFor(failure, 'dueAt')} />
      <Textarea
        label={t('keys.comment')}
        description={
          comment.length > longestComment - 200 ? `${comment.length} / ${longestComment}` : undefined
        }
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
        maxLength={longestComment}
        autosize
        minRows={1}
        maxRows={6}
        error={messageFor(failure, 'comment')}
      />
      {failure && <FailureNotice failure={failure} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={fetching}>
          {failure ? t('failure.retry') : t('keys.issueCount', { count: keys.length })}
        </Button>
      </div>
    </form>
  );
}

function messageFor(failure: Failure | null, field: string): string | null {
  return failure?.field === field ? failure.message : null;
}
