import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { externalSignIn } from '@/lib/paths';
import classes from './SignIn.module.css';

interface ProviderButtonProps {
  label: string;
  startPath: string;
}

const known = ['not_linked', 'disabled', 'refused', 'busy', 'error'] as const;

/** Signs in with an identity provider, and says why that failed when one comes back from there. */
export function ProviderButton({ label, startPath }: ProviderButtonProps) {
  const { t } = useTranslation();
  const { failed, href } = externalSignIn(startPath, window.location);
  const why = known.find((each) => each === failed) ?? 'error';
  return (
    <div className={classes.provider}>
      {failed && (
        <Alert
          role="alert"
          variant="light"
          color="red"
          icon={<IconAlertTriangle size={18} aria-hidden="true" />}
          title={t('signIn.failed.title', { provider: label })}
        >
          {t(`signIn.failed.${why}`)}
        </Alert>
      )}
      <p className={classes.or}>{t('signIn.or')}</p>
      <Button component="a" href={href} variant="default">
        {t('signIn.with', { provider: label })}
      </Button>
    </div>
  );
}
