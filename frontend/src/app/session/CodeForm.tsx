import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import type { Failure } from '@/lib/graphql/failure';
import classes from './SignIn.module.css';

interface CodeFormProps {
  code: string;
  change(code: string): void;
  failure: Failure | null;
  fetching: boolean;
  submit(event: FormEvent): void;
  back(): void;
}

/** The second step of signing in. */
export function CodeForm({ code, change, failure, fetching, submit, back }: CodeFormProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        ref={input}
        label={t('signIn.code')}
        value={code}
        onChange={(event) => change(event.currentTarget.value)}
        error={failure?.field === 'code' && t('signIn.wrongCode')}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={32}
        required
        withAsterisk={false}
      />
      {failure && failure.field !== 'code' && <FailureNotice failure={failure} signingIn />}
      <Button type="submit" loading={fetching}>
        {t('signIn.submit')}
      </Button>
      <Button variant="subtle" onClick={back}>
        {t('signIn.back')}
      </Button>
    </form>
  );
}
