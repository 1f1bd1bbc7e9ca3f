import { Alert } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { useCan } from '@/lib/session/session';

const OutboxDocument = graphql(`
  query Outbox {
    outbox {
      waiting
      problem
      dead
    }
  }
`);

/** Tells whoever may change settings that reminders do not reach people. */
export function OutboxNotice() {
  const { t } = useTranslation();
  const [{ data }] = useQuery({ query: OutboxDocument, pause: !useCan('SYSTEM_CONFIGURE') });
  const outbox = data?.outbox;
  if (!outbox || (outbox.dead === 0 && !outbox.problem)) return null;
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconMail size={18} aria-hidden="true" />}
      role="status"
      mb="md"
    >
      {outbox.problem && <p>{t('alerts.mail.stuck', { count: outbox.waiting, problem: outbox.problem })}</p>}
      {outbox.dead > 0 && (
        <p>
          {t('alerts.mail.dead', { count: outbox.dead })}. {t('alerts.mail.deadExplained')}
        </p>
      )}
    </Alert>
  );
}
