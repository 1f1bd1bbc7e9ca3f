import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CombinedError } from 'urql';
import { Dialog } from '@/components/Dialog';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Webhooks.module.css';

interface ConfirmProps {
  title: string;
  explained: string;
  verb: string;
  dangerous?: boolean;
  /** Does it, and gives what went wrong. */
  act(): Promise<CombinedError | undefined>;
  close(): void;
  children?: ReactNode;
}

/** Says what something means, and does it. */
export function Confirm({ title, explained, verb, dangerous, act, close, children }: ConfirmProps) {
  const { t } = useTranslation();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    setFailure(null);
    const error = await act();
    setBusy(false);
    if (error) setFailure(failureOf(error));
  };
  return (
    <Dialog opened close={close} title={title}>
      <div className={classes.form}>
        <p>{explained}</p>
        {children}
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button {...(dangerous ? { color: 'red' } : {})} onClick={submit} loading={busy}>
            {verb}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

export interface HookDialogProps {
  id: string;
  name: string;
  close(): void;
}
