import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type Failure, mayOverride } from '@/lib/graphql/failure';
import { Hash } from '../Hash';
import classes from './FailureNotice.module.css';
import { InTheWay } from './InTheWay';

interface FailureNoticeProps {
  failure: Failure;
  retry?: (() => void) | undefined;
  /** In a sign-in form UNAUTHENTICATED means wrong name or password, not an ended session. */
  signingIn?: boolean;
}

/** What happened, what to do about it, and the number under which the server logged it. */
export function FailureNotice({ failure, retry, signingIn = false }: FailureNoticeProps) {
  const { t } = useTranslation();
  const advice = signingIn && failure.code === 'UNAUTHENTICATED' ? 'WRONG_CREDENTIALS' : failure.code;
  return (
    <Alert
      role="alert"
      variant="light"
      color="red"
      icon={<IconAlertTriangle size={18} aria-hidden="true" />}
      title={t(`failure.${advice}.title`)}
      classNames={{ message: classes.message, title: classes.title }}
    >
      {saysMore(failure) && <p>{failure.message}</p>}
      {failure.keys.length > 0 && (
        <ul>
          {failure.keys.map((key) => (
            <li key={key.number}>
              {key.holder
                ? t('failure.keyOut', { number: key.number, holder: key.holder })
                : t('failure.keyInTheWay', { number: key.number })}
            </li>
          ))}
        </ul>
      )}
      <InTheWay failure={failure} />
      <p>{adviceText()}</p>
      {failure.requestId && (
        <p>
          {t('failure.requestId')} <Hash value={failure.requestId} label={t('failure.requestId')} whole />
        </p>
      )}
      {retry && failure.code !== 'FORBIDDEN' && (
        <Button size="xs" variant="default" onClick={retry}>
          {t('failure.retry')}
        </Button>
      )}
    </Alert>
  );

  function adviceText(): string {
    if (mayOverride(failure)) return t('override.advice');
    if (failure.retryAfterSeconds) return t('failure.waitSeconds', { count: failure.retryAfterSeconds });
    return t(`failure.${advice}.advice`);
  }
}

/** The server's own words add something where the person's input is in question. */
function saysMore(failure: Failure): boolean {
  return ['BAD_USER_INPUT', 'CONFLICT', 'FORBIDDEN', 'NOT_FOUND'].includes(failure.code);
}
