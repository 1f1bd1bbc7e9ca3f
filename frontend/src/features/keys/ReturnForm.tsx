import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import classes from './DeskForm.module.css';
import { KeyTags } from './KeyTags';
import type { KeyRow } from './keyRow';

const ReturnKeysDocument = graphql(`
  mutation ReturnKeys($input: ReturnKeysInput!) {
    returnKeys(input: $input) {
      loans {
        id
        returnedAt
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

interface ReturnFormProps {
  keys: KeyRow[];
  close(): void;
  done(): void;
}

/** Takes keys back. Enter is enough. */
export function ReturnForm({ keys, close, done }: ReturnFormProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey] = useState(newId);
  const [comment, setComment] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, takeBack] = useMutation(ReturnKeysDocument);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fetching) return;
    setFailure(null);
    const answer = await takeBack({
      input: { keys: keys.map((key) => key.id), comment: comment.trim() || null, idempotencyKey },
    });
    if (answer.error) return setFailure(failureOf(answer.error));
    const back = answer.data?.returnKeys.loans.length || keys.length; // a ring comes back whole
    announce(t('keys.takenBack', { count: back, number: keys[0]?.number }));
    done();
  };

  return (
    <form className={classes.form} onSubmit={submit}>
      <KeyTags keys={keys} />
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
      <div className={classes.buttons}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={fetching} data-autofocus>
          {failure ? t('failure.retry') : t('keys.returnCount', { count: keys.length })}
        </Button>
      </div>
    </form>
  );
}
