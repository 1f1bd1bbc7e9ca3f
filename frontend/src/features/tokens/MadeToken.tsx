import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '@/components/Dialog';
import classes from './Tokens.module.css';

interface MadeTokenProps {
  name: string;
  token: string;
  close(): void;
}

/** A token that was just made. It lives in this dialog only, and nobody can be shown it again. */
export function MadeToken({ name, token, close }: MadeTokenProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened close={close} title={t('tokens.madeTitle', { name })} size={520}>
      <div className={classes.form}>
        <p>{t('tokens.madeExplained')}</p>
        <code className={classes.secret}>{token}</code>
        <div className={classes.buttons}>
          <CopyButton value={token} timeout={2000}>
            {({ copied, copy }) => (
              <Button
                variant="light"
                onClick={copy}
                leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                data-autofocus
              >
                {copied ? t('common.copied') : t('tokens.copy')}
              </Button>
            )}
          </CopyButton>
          <Button onClick={close}>{t('tokens.kept')}</Button>
        </div>
      </div>
    </Dialog>
  );
}
