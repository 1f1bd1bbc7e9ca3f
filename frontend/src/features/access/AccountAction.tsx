import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CombinedError, useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { useRecentPassword } from '@/components/RecentPassword';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Access.module.css';
import { OneTimeLink } from './OneTimeLink';

const ResetPasswordDocument = graphql(`
  mutation ResetPassword($account: ID!) {
    resetPassword(input: { account: $account }) {
      setupLink
      account {
        id
        ...AccountRow
      }
    }
  }
`);

const DisableAccountDocument = graphql(`
  mutation DisableAccount($account: ID!) {
    disableAccount(input: { account: $account }) {
      account {
        id
        ...AccountRow
      }
    }
  }
`);

const EnableAccountDocument = graphql(`
  mutation EnableAccount($account: ID!) {
    enableAccount(input: { account: $account }) {
      account {
        id
        ...AccountRow
      }
    }
  }
`);

const EndSessionsOfDocument = graphql(`
  mutation EndSessionsOf($account: ID!) {
    endSessions(input: { account: $account }) {
      ended
    }
  }
`);

const UnlockAccountDocument = graphql(`
  mutation UnlockAccount($account: ID!) {
    unlockAccount(account: $account)
  }
`);

const RemoveSecondFactorDocument = graphql(`
  mutation RemoveSecondFactor($account: ID!) {
    removeSecondFactor(account: $account)
  }
`);

export type ActionKind = 'reset' | 'disable' | 'enable' | 'end' | 'unlock' | 'factor';

const harmless: ActionKind[] = ['enable', 'unlock'];

interface AccountActionProps {
  kind: ActionKind;
  account: string;
  name: string;
  close(): void;
  changed(): void;
}

/** Says what will happen to an account, and does it. */
export function AccountAction({ kind, account, name, close, changed }: AccountActionProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const recent = useRecentPassword();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const [, reset] = useMutation(ResetPasswordDocument);
  const [, disable] = useMutation(DisableAccountDocument);
  const [, enable] = useMutation(EnableAccountDocument);
  const [, end] = useMutation(EndSessionsOfDocument);
  const [, unlock] = useMutation(UnlockAccountDocument);
  const [, factor] = useMutation(RemoveSecondFactorDocument);

  const act = async (): Promise<{ error?: CombinedError | undefined; link?: string | undefined }> => {
    if (kind === 'reset') {
      const { data, error } = await reset({ account });
      return { error, link: data?.resetPassword.setupLink };
    }
    return { disable, enable, end, unlock, factor }[kind]({ account });
  };
  const submit = async () => {
    setFailure(null);
    setWorking(true);
    const answer = await act();
    setWorking(false);
    if (answer.error) {
      const failed = failureOf(answer.error);
      if (!recent.asks(failed, () => void submit())) setFailure(failed);
      return;
    }
    changed();
    if (answer.link) return setLink(answer.link);
    announce(t('access.done', { name }));
    close();
  };

  if (link) return <OneTimeLink path={link} name={name} close={close} />;
  return (
    <Dialog opened close={close} title={t(`access.${kind}`)}>
      <div className={classes.form}>
        <p>{t(`access.${kind}Explained`, { name })}</p>
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            color={harmless.includes(kind) ? undefined : 'red'}
            loading={working}
            onClick={submit}
            data-autofocus
          >
            {t(`access.${kind}`)}
          </Button>
        </div>
      </div>
      {recent.dialog}
    </Dialog>
  );
}
