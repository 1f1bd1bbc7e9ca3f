import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { Doorway } from './Doorway';
import classes from './SignIn.module.css';

const SetPasswordDocument = graphql(`
  mutation SetPassword($input: SetPasswordInput!) {
    setPassword(input: $input) {
      username
    }
  }
`);

const shortest = 8;

/** The page of a one-time link: sets a password without anybody being signed in. */
export function SetPassword({ done }: { done(): void }) {
  const { t } = useTranslation();
  const [link] = useState(() => window.location.hash.slice(1));
  const [values, setValues] = useState({ next: '', repeated: '' });
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [username, setUsername] = useState<string | null>(null);
  const [{ fetching }, set] = useMutation(SetPasswordDocument);
  const tooShort = values.next.length < shortest;
  const differs = values.next !== values.repeated;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (tooShort || differs || fetching) return;
    setFailure(null);
    const answer = await set({ input: { link, password: values.next } });
    if (answer.error) return setFailure(failureOf(answer.error));
    // The link is used up: neither the address nor the history keeps it.
    window.history.replaceState(null, '', window.location.pathname);
    setUsername(answer.data?.setPassword.username ?? '');
  };
  const leave = () => {
    window.history.replaceState(null, '', '/');
    done();
  };
  const field = (name: keyof typeof values) => ({
    value: values[name],
    onChange: (event: FormEvent<HTMLInputElement>) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
    visibilityToggleButtonProps: { 'aria-label': t('signIn.showPassword') },
    autoComplete: 'new-password',
    maxLength: 200,
    required: true,
    withAsterisk: false,
  });

  if (username !== null) {
    return (
      <Doorway title={t('setPassword.done')} note={t('setPassword.doneExplained', { username })}>
        <Button onClick={leave}>{t('setPassword.signIn')}</Button>
      </Doorway>
    );
  }
  if (link === '') {
    return (
      <Doorway title={t('setPassword.title')} note={t('setPassword.missing')}>
        <Button variant="default" onClick={leave}>
          {t('setPassword.signIn')}
        </Button>
      </Doorway>
    );
  }
  const refused = failure?.field === 'password' ? failure.message : null;
  return (
    <Doorway title={t('setPassword.title')} note={t('setPassword.explained')}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <PasswordInput
          label={t('firstPassword.next')}
          description={t('firstPassword.rule', { count: shortest })}
          error={tried && tooShort ? t('firstPassword.tooShort', { count: shortest }) : refused}
          {...field('next')}
        />
        <PasswordInput
          label={t('firstPassword.repeated')}
          error={tried && !tooShort && differs && t('firstPassword.differs')}
          {...field('repeated')}
        />
        {failure && !refused && <FailureNotice failure={failure} />}
        <Button type="submit" loading={fetching}>
          {t('setPassword.submit')}
        </Button>
      </form>
    </Doorway>
  );
}
