import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Account.module.css';

const ChangeOwnPasswordDocument = graphql(`
  mutation ChangeOwnPassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      viewer {
        mustChangePassword
      }
    }
  }
`);

const shortest = 8;
const empty = { current: '', next: '', repeated: '' };

export function PasswordSection() {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [values, setValues] = useState(empty);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [changed, setChanged] = useState(false);
  const [{ fetching }, change] = useMutation(ChangeOwnPasswordDocument);
  const tooShort = values.next.length < shortest;
  const differs = values.next !== values.repeated;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    setChanged(false);
    if (tooShort || differs || fetching) return;
    setFailure(null);
    const answer = await change({ input: { current: values.current, new: values.next } });
    if (answer.error) return setFailure(failureOf(answer.error));
    setValues(empty);
    setTried(false);
    setChanged(true);
    announce(t('account.passwordChanged'));
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
  const refused = (name: string) => (failure?.field === name ? failure.message : null);
  return (
    <section className={classes.section} aria-labelledby="password">
      <h2 id="password">{t('account.password')}</h2>
      <p>{t('account.passwordExplained')}</p>
      <form className={classes.form} onSubmit={submit} noValidate>
        <PasswordInput
          label={t('firstPassword.current')}
          autoComplete="current-password"
          error={refused('current')}
          {...field('current')}
        />
        <PasswordInput
          label={t('firstPassword.next')}
          description={t('firstPassword.rule', { count: shortest })}
          autoComplete="new-password"
          error={tried && tooShort ? t('firstPassword.tooShort', { count: shortest }) : refused('new')}
          {...field('next')}
        />
        <PasswordInput
          label={t('firstPassword.repeated')}
          autoComplete="new-password"
          error={tried && !tooShort && differs && t('firstPassword.differs')}
          {...field('repeated')}
        />
        {failure && !failure.field && <FailureNotice failure={failure} />}
        {changed && <p>{t('account.passwordChanged')}</p>}
        <div>
          <Button type="submit" loading={fetching}>
            {t('account.changePassword')}
          </Button>
        </div>
      </form>
    </section>
  );
}
