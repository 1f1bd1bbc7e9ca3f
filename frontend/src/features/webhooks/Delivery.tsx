import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Instant } from '@/components/Instant';
import { type FragmentType, graphql, unmask } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import classes from './Webhooks.module.css';

const DeliveryFragment = graphql(`
  fragment Delivery on WebhookDelivery {
    seq
    event
    state
    attempts
    status
    problem
    answer
    milliseconds
    lastAt
    nextAt
  }
`);

const ResendDocument = graphql(`
  mutation ResendDelivery($input: ResendDeliveryInput!) {
    resendDelivery(input: $input) {
      webhook {
        id
        ...Hook
      }
    }
  }
`);

interface DeliveryProps {
  hook: string;
  delivery: FragmentType<typeof DeliveryFragment>;
  active: boolean;
  sent(): void;
}

/** One event that was sent, and how that went. */
export function Delivery({ hook, delivery, active, sent }: DeliveryProps) {
  const { t } = useTranslation();
  const one = unmask(DeliveryFragment, delivery);
  const [{ fetching, error }, resend] = useMutation(ResendDocument);
  const again = async () => {
    const answer = await resend({ input: { webhook: hook, sequence: one.seq } });
    if (!answer.error) sent();
  };
  return (
    <li className={classes.row}>
      <span className={classes.chip} data-state={one.state}>
        {t(`webhooks.deliveryStates.${one.state}`)}
      </span>
      <span className={classes.what}>
        {t(`webhooks.events.${one.event}`)} <span className={classes.muted}>#{one.seq}</span>
      </span>
      <span className={classes.muted}>
        <Instant at={one.lastAt} show="compact" />
      </span>
      <span className={classes.muted}>
        {t('webhooks.attempts', { count: one.attempts })}
        {one.status != null && ` · ${one.status}`}
        {` · ${t('webhooks.took', { ms: one.milliseconds })}`}
      </span>
      {one.state === 'GIVEN_UP' && active && (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={again}
          loading={fetching}
          aria-label={t('webhooks.resendNumbered', { seq: one.seq })}
        >
          {t('webhooks.resend')}
        </Button>
      )}
      {one.problem && <span className={classes.problem}>{one.problem}</span>}
      {one.answer && <code className={classes.answer}>{one.answer}</code>}
      {one.nextAt && (
        <span className={classes.problem}>
          {t('webhooks.nextAt')} <Instant at={one.nextAt} show="seconds" />
        </span>
      )}
      {error && <FailureNotice failure={failureOf(error)} />}
    </li>
  );
}
