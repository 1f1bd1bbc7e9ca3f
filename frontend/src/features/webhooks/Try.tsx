import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import classes from './Webhooks.module.css';

const TestWebhookDocument = graphql(`
  mutation TestWebhook($input: TestWebhookInput!) {
    testWebhook(input: $input) {
      status
      problem
      milliseconds
    }
  }
`);

/** Sends an invented event and says how that went. */
export function Try({ id }: { id: string }) {
  const { t } = useTranslation();
  const [{ fetching, data, error }, test] = useMutation(TestWebhookDocument);
  const result = data?.testWebhook;
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => test({ input: { webhook: id } })}
        loading={fetching}
      >
        {t('webhooks.test')}
      </Button>
      <span className={result?.problem ? classes.failing : classes.muted} role="status">
        {result &&
          (result.problem || t('webhooks.tested', { status: result.status, ms: result.milliseconds }))}
      </span>
      {error && <FailureNotice failure={failureOf(error)} />}
    </>
  );
}
