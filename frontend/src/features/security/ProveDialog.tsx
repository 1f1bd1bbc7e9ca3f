import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { RecoveryCodes } from './RecoveryCodes';
import classes from './Security.module.css';

const RemoveTotpDocument = graphql(`
  mutation RemoveTotp($input: ProofInput!) {
    removeTotp(input: $input) {
      viewer {
        secondFactor {
          addedAt
        }
      }
    }
  }
`);

const RegenerateRecoveryCodesDocument = graphql(`
  mutation RegenerateRecoveryCodes($input: ProofInput!) {
    regenerateRecoveryCodes(input: $input) {
      recoveryCodes
    }
  }
`);

/** What the password or a code is asked for. */
export type ProofPurpose = 'remove' | 'regenerate';

interface ProveDialogProps {
  /** Null while nothing is asked. */
  purpose: ProofPurpose | null;
  close(): void;
  done(): void;
}

/** Asks for the password or a code before the second factor changes. */
export function ProveDialog({ purpose, close, done }: ProveDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened={purpose !== null} close={close} title={purpose ? t(`security.${purpose}`) : ''}>
      {purpose && <Proof purpose={purpose} close={close} done={done} />}
    </Dialog>
  );
}

interface ProofProps extends ProveDialogProps {
  purpose: ProofPurpose;
}

function Proof({ purpose, close, done }: ProofProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [recoveryCodes, setRecoveryCodes] = useState<string[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [removing, remove] = useMutation(RemoveTotpDocument);
  const [regenerating, regenerate] = useMutation(RegenerateRecoveryCodesDocument);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    const input = code ? { code } : { password };
    if (purpose === 'remove') {
      const answer = await remove({ input });
      if (answer.error) return setFailure(failureOf(answer.error));
      announce(t('security.removed'));
      close();
    } else {
      const answer = await regenerate({ input });
      if (answer.error) return setFailure(failureOf(answer.error));
      setRecoveryCodes(answer.data?.regenerateRecoveryCodes.recoveryCodes ?? []);
    }
    done();
  };

  if (recoveryCodes) return <RecoveryCodes codes={recoveryCodes} close={close} />;
  const known = failure?.field === 'code' || failure?.field === 'password';
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <p>{t(`security.${purpose}Explained`)}</p>
      <PasswordInput
        label={t('signIn.password')}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={failure?.field === 'password' && t('security.wrongPassword')}
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        maxLength={200}
        data-autofocus
      />
      <TextInput
        label={t('security.orCode')}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        error={failure?.field === 'code' && t('security.wrongCode')}
        autoComplete="one-time-code"
        maxLength={32}
      />
      {failure && !known && <FailureNotice failure={failure} />}
      <div className={classes.actions}>
        <Button type="submit" loading={removing.fetching || regenerating.fetching}>
          {t(`security.${purpose}`)}
        </Button>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
