import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { Doorway } from './Doorway';
import classes from './SignIn.module.css';

const ChangePasswordDocument = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      viewer {
        mustChangePassword
      }
    }
  }
`);

const shortest = 8;

interface FirstPasswordProps {
  changed(): void;
  signOut(): Promise<void>;
}

/** Asks for a password of one's own before anything else works. */
export function FirstPassword({ changed, signOut }: FirstPasswordProps) {
  const { t } = useTranslation();
  const [values, setValues] = useState({ current: '', next: '', repeated: '' });
  const [failure, setFailure] = useState<Failure | null>(null);
  const [tried, setTried] = useState(false);
  const [{ fetching }, change] = useMutation(ChangePasswordDocument);
  const tooShort = values.next.length < shortest;
  const differs = values.next !== values.repeated;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (tooShort || differs) return;
    setFailure(null);
    const answer = await change({ input: { current: values.current, new: values.next } });
    if (answer.error) return setFailure(failureOf(answer.error));
    changed();
  };
  const field = (name: keyof typeof values) => ({
    value: values[name],
    onChange: (event: FormEvent<HTMLInputElement>) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
    visibilityToggleButtonProps: { 'aria-label': t('signIn.showPassword') },
    maxLength: 200,
    required: true,
    withAsterisk: false,
  });

  return (
    <Doorway title={t('firstPassword.title')} note={t('firstPassword.explained')}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <PasswordInput
          label={t('firstPassword.current')}
          autoComplete="current-password"
          error={failure?.field === 'current' && failure.message}
          {...field('current')}
        />
        <PasswordInput
          label={t('firstPassword.next')}
          description={t('firstPassword.rule', { count: shortest })}
          autoComplete="new-password"
          error={tried && tooShort && t('firstPassword.tooShort', { count: shortest })}
          {...field('next')}
        />
        <PasswordInput
          label={t('firstPassword.repeated')}
          autoComplete="new-password"
          error={tried && !tooShort && differs && t('firstPassword.differs')}
          {...field('repeated')}
        />
        {failure && failure.field !== 'current' && <FailureNotice failure={failure} />}
        <Button type="submit" loading={fetching}>
          {t('firstPassword.submit')}
        </Button>
        <Button variant="subtle" onClick={signOut}>
          {t('frame.signOut')}
        </Button>
      </form>
    </Doorway>
  );
}
