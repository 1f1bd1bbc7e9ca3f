import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '@/components/Dialog';
import classes from './Webhooks.module.css';

/** A secret that was just made. It lives in this dialog only, and nobody can be shown it again. */
export function Secret({ secret, close }: { secret: string; close(): void }) {
  const { t } = useTranslation();
  return (
    <Dialog opened close={close} title={t('webhooks.secretTitle')} size={520}>
      <div className={classes.form}>
        <p>{t('webhooks.secretExplained')}</p>
        <code className={classes.secret}>{secret}</code>
        <div className={classes.buttons}>
          <CopyButton value={secret} timeout={2000}>
            {({ copied, copy }) => (
              <Button
                variant="light"
                onClick={copy}
                leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                data-autofocus
              >
                {copied ? t('common.copied') : t('webhooks.copy')}
              </Button>
            )}
          </CopyButton>
          <Button onClick={close}>{t('webhooks.kept')}</Button>
        </div>
      </div>
    </Dialog>
  );
}
