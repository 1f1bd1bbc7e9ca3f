import { Button, CopyButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './Security.module.css';

interface RecoveryCodesProps {
  codes: readonly string[];
  close(): void;
}

/** The recovery codes, which are shown this once. */
export function RecoveryCodes({ codes, close }: RecoveryCodesProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.form}>
      <p>{t('security.keepCodes')}</p>
      <ul className={classes.codes} aria-label={t('security.recoveryCodes')}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={classes.actions}>
        <Button onClick={close}>{t('security.kept')}</Button>
        <CopyButton value={codes.join('\n')}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? t('common.copied') : t('common.copy')}
            </Button>
          )}
        </CopyButton>
      </div>
    </div>
  );
}
