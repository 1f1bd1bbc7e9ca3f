import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { Dialog } from './Dialog';
import { FailureNotice } from './feedback/FailureNotice';
import classes from './RecentPassword.module.css';

const ConfirmPasswordDocument = graphql(`
  mutation ConfirmPassword($input: ConfirmPasswordInput!) {
    confirmPassword(input: $input) {
      confirmedUntil
    }
  }
`);

export interface RecentPassword {
  /** Asks for the password when a failure says so, tries again afterwards, and reports whether it asks. */
  asks(failure: Failure, again: () => void): boolean;
  dialog: ReactNode;
}

/** For what needs a password entered lately. */
export function useRecentPassword(): RecentPassword {
  const [again, setAgain] = useState<{ run(): void } | null>(null);
  return {
    asks(failure, run) {
      if (failure.required !== 'confirmPassword') return false;
      setAgain({ run });
      return true;
    },
    dialog: again && (
      <PasswordDialog
        close={() => setAgain(null)}
        confirmed={() => {
          setAgain(null);
          again.run();
        }}
      />
    ),
  };
}

function PasswordDialog({ close, confirmed }: { close(): void; confirmed(): void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, confirm] = useMutation(ConfirmPasswordDocument);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation(); // the form around it, in React's tree, is another
    if (password === '' || fetching) return;
    setFailure(null);
    const answer = await confirm({ input: { password } });
    if (answer.error) return setFailure(failureOf(answer.error));
    confirmed();
  };
  const wrong = failure?.field === 'password' ? failure.message : null;
  return (
    <Dialog opened close={close} title={t('recent.title')} size={420}>
      <form className={classes.form} onSubmit={submit}>
        <p>{t('recent.explained')}</p>
        <PasswordInput
          label={t('recent.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          error={wrong}
          maxLength={200}
          required
          withAsterisk={false}
          data-autofocus
        />
        {failure && !wrong && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {t('recent.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
