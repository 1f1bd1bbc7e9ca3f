import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation, useQuery } from 'urql';
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
import { useOverride } from './useOverride';

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
      approvals {
        id
        ...ApprovalLive
      }
    }
  }
`);

const DefaultDueDocument = graphql(`
  query DefaultDue($key: ID!) {
    key(id: $key) {
      id
      defaultDueAt
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
  const override = useOverride();
  const byGroups = useDefaultDue(keys);
  const [{ fetching }, issue] = useMutation(IssueKeysDocument);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!holder || due.problem || fetching) return;
    if (!override.ready(failure)) return;
    setFailure(null);
    const answer = await issue({
      input: {
        keys: keys.map((key) => key.id),
        holder: holder.id,
        dueAt: due.at,
        comment: comment.trim() || null,
        ...override.input,
        idempotencyKey,
      },
    });
    if (answer.error) return fail(failureOf(answer.error));
    const waits = (answer.data?.issueKeys.approvals ?? []).length > 0;
    const out = answer.data?.issueKeys.loans.length || keys.length; // a ring goes out whole
    const what = { count: out, number: keys[0]?.number, name: holder.name };
    announce(waits ? t('approvals.requested', what) : t('keys.issuedTo', what));
    done();
  };
  const fail = (why: Failure) => {
    setFailure(why);
    override.refused(why);
  };
  const changeHolder = (next: Holder | null) => {
    setHolder(next);
    override.forget();
    setFailure(null);
  };

  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <KeyTags keys={keys} />
      <HolderField
        value={holder}
        change={changeHolder}
        error={tried && !holder ? t('keys.holderMissing') : messageFor(failure, 'holder')}
      />
      <DueField
        due={due}
        byGroups={byGroups}
        error={tried ? due.problem : null}
        refused={messageFor(failure, 'dueAt')}
      />
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
      {override.field}
      <div className={classes.buttons}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={fetching}>
          {failure && !override.asked ? t('failure.retry') : t('keys.issueCount', { count: keys.length })}
        </Button>
      </div>
    </form>
  );
}

/** When one key would be due as its groups say; several keys have no common answer before they are issued. */
function useDefaultDue(keys: KeyRow[]): string | null | undefined {
  const only = keys.length === 1 ? keys[0]?.id : undefined;
  const [{ data }] = useQuery({
    query: DefaultDueDocument,
    variables: { key: only ?? '' },
    pause: only === undefined,
    requestPolicy: 'network-only',
  });
  return data?.key ? (data.key.defaultDueAt ?? null) : undefined;
}

function messageFor(failure: Failure | null, field: string): string | null {
  return failure?.field === field ? failure.message : null;
}
