import { Button, Skeleton, TextInput } from '@mantine/core';
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Hash } from '@/components/Hash';
import { useRecentPassword } from '@/components/RecentPassword';
import { graphql } from '@/gql';
import type { EnrolTotpMutation } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { RecoveryCodes } from './RecoveryCodes';
import classes from './Security.module.css';

const EnrolTotpDocument = graphql(`
  mutation EnrolTotp {
    enrolTotp {
      secret
      qrCode
    }
  }
`);

const ConfirmTotpDocument = graphql(`
  mutation ConfirmTotp($input: ConfirmTotpInput!) {
    confirmTotp(input: $input) {
      recoveryCodes
    }
  }
`);

interface EnrolDialogProps {
  opened: boolean;
  close(): void;
  added(): void;
}

/** Shows the secret, asks for a first code, and shows the recovery codes. */
export function EnrolDialog({ opened, close, added }: EnrolDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} close={close} title={t('security.add')}>
      {opened && <Enrolment close={close} added={added} />}
    </Dialog>
  );
}

function Enrolment({ close, added }: Omit<EnrolDialogProps, 'opened'>) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<EnrolTotpMutation['enrolTotp'] | null>(null);
  const [code, setCode] = useState('');
  const [recoveryCodes, setRecoveryCodes] = useState<string[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [, enrol] = useMutation(EnrolTotpDocument);
  const [{ fetching }, confirm] = useMutation(ConfirmTotpDocument);

  const recent = useRecentPassword();
  const asks = useRef(recent.asks);
  asks.current = recent.asks;
  const begin = useCallback(async () => {
    setFailure(null);
    const answer = await enrol({});
    if (!answer.error) return setSecret(answer.data?.enrolTotp ?? null);
    const failed = failureOf(answer.error);
    setFailure(failed); // which stays where the password is not given
    asks.current(failed, begin);
  }, [enrol]);
  useEffect(() => {
    void begin();
  }, [begin]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    const answer = await confirm({ input: { code } });
    if (answer.error) return setFailure(failureOf(answer.error));
    setRecoveryCodes(answer.data?.confirmTotp.recoveryCodes ?? []);
    added();
  };

  if (recoveryCodes) return <RecoveryCodes codes={recoveryCodes} close={close} />;
  return (
    <>
      <form className={classes.form} onSubmit={submit}>
        <p>{t('security.scan')}</p>
        <div className={classes.qr}>
          {secret ? (
            <img src={secret.qrCode} width={220} height={220} alt={t('security.qrCode')} />
          ) : (
            <Skeleton width={220} height={220} />
          )}
        </div>
        <p>{t('security.orType')}</p>
        <div className={classes.secret}>
          {secret ? (
            <Hash value={secret.secret} label={t('security.secret')} whole />
          ) : (
            <Skeleton height={24} />
          )}
        </div>
        <TextInput
          label={t('security.firstCode')}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={failure?.field === 'code' && t('security.wrongCode')}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={8}
          required
          withAsterisk={false}
          data-autofocus
        />
        {failure && failure.field !== 'code' && <FailureNotice failure={failure} />}
        <div className={classes.actions}>
          <Button type="submit" loading={fetching} disabled={!secret}>
            {t('security.confirm')}
          </Button>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
        </div>
      </form>
      {recent.dialog}
    </>
  );
}
