import { Button, Textarea } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { Dialog } from '@/components/Dialog';
import classes from './Access.module.css';

interface OneTimeLinkProps {
  /** As the server gave it: a path and the secret behind #. */
  path: string;
  name: string;
  close(): void;
}

/** Shows a one-time link, this once. */
export function OneTimeLink({ path, name, close }: OneTimeLinkProps) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: 4000 });
  const link = window.location.origin + path;
  return (
    <Dialog opened close={close} title={t('access.link')} size={560}>
      <div className={classes.form}>
        <p>{t('access.linkExplained', { name })}</p>
        <Textarea
          label={t('access.link')}
          value={link}
          readOnly
          autosize
          onFocus={(event) => event.currentTarget.select()}
          classNames={{ input: classes.link }}
        />
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.close')}
          </Button>
          <Button onClick={() => clipboard.copy(link)} data-autofocus>
            {clipboard.copied ? t('common.copied') : t('access.copyLink')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
