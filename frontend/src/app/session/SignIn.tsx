import { Button, PasswordInput, TextInput, UnstyledButton } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { type FragmentType, graphql, unmask } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { CodeForm } from './CodeForm';
import { Doorway } from './Doorway';
import { ProviderButton } from './ProviderButton';
import type { Absence } from './SessionGate';
import classes from './SignIn.module.css';

export const SignInServerFragment = graphql(`
  fragment SignInServer on Server {
    signInProvider {
      label
      startPath
    }
    sample
    sampleAccounts {
      username
      password
      role
    }
  }
`);

const SignInDocument = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      secondFactorRequired
      viewer {
        account {
          id
        }
      }
    }
  }
`);

interface SignInProps {
  server: FragmentType<typeof SignInServerFragment>;
  absence: Absence;
  signedIn(): void;
}

export function SignIn({ server, absence, signedIn }: SignInProps) {
  const { t } = useTranslation();
  const { sample, sampleAccounts, signInProvider } = unmask(SignInServerFragment, server);
  const [credentials, setCredentials] = useState({ username: '', password: '', code: '' });
  const [needsCode, setNeedsCode] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, signIn] = useMutation(SignInDocument);
  const submitButton = useRef<HTMLButtonElement>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    const { username, password, code } = credentials;
    const answer = await signIn({ input: { username: username.trim(), password, code: code || null } });
    if (answer.error) return setFailure(failureOf(answer.error));
    if (answer.data?.signIn.secondFactorRequired) return setNeedsCode(true);
    signedIn();
  };
  const fill = (username: string, password: string) => {
    setCredentials({ username, password, code: '' });
    submitButton.current?.focus();
  };

  if (needsCode) {
    const back = () => {
      setNeedsCode(false);
      setFailure(null);
      setCredentials({ username: credentials.username, password: '', code: '' });
    };
    const code = (text: string) => setCredentials({ ...credentials, code: text });
    return (
      <Doorway title={t('signIn.title')} note={t('signIn.codeExplained')}>
        <CodeForm
          code={credentials.code}
          change={code}
          failure={failure}
          fetching={fetching}
          submit={submit}
          back={back}
        />
      </Doorway>
    );
  }
  return (
    <Doorway title={t('signIn.title')} note={absence === 'ended' ? t('signIn.again') : null}>
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label={t('signIn.username')}
          value={credentials.username}
          onChange={(event) => setCredentials({ ...credentials, username: event.currentTarget.value })}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          required
          withAsterisk={false}
          data-autofocus
        />
        <PasswordInput
          label={t('signIn.password')}
          value={credentials.password}
          onChange={(event) => setCredentials({ ...credentials, password: event.currentTarget.value })}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          required
          withAsterisk={false}
        />
        {failure && <FailureNotice failure={failure} signingIn />}
        <Button type="submit" loading={fetching} ref={submitButton}>
          {t('signIn.submit')}
        </Button>
      </form>
      {signInProvider && <ProviderButton label={signInProvider.label} startPath={signInProvider.startPath} />}
      {sample && sampleAccounts.length > 0 && (
        <section className={classes.sample} aria-label={t('signIn.sampleAccounts')}>
          <p>{t('signIn.sampleExplained')}</p>
          <ul>
            {sampleAccounts.map((account) => (
              <li key={account.username}>
                <UnstyledButton
                  className={classes.account}
                  onClick={() => fill(account.username, account.password)}
                >
                  <strong>{account.username}</strong>
                  <span>{account.role}</span>
                  <code>{account.password}</code>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Doorway>
  );
}
