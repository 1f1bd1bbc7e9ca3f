import { Alert } from '@mantine/core';
import { IconBellOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { useAlertChanges } from '@/components/alerts/AlertFeed';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import { useEvery } from '@/lib/every';
import { failureOf } from '@/lib/graphql/failure';
import { useCan } from '@/lib/session/session';

const MutedRulesDocument = graphql(`
  query MutedRules {
    builtInAlertRules {
      rule
      mutedUntil
    }
  }
`);

/** A mute raises nothing that would tell of it, nor does its end: how long one may go unnoticed, in milliseconds. */
export const muteLookedAtAgain = 30_000;

/** Tells that rules which are built in raise nothing for now: what is missing from the list may have happened. */
export function MutedNotice() {
  const { t } = useTranslation();
  const may = useCan('ALERTS_VIEW');
  const [{ data, error }, ask] = useQuery({ query: MutedRulesDocument, pause: !may });
  // Whoever may not look is told so by the list; each refusal is recorded.
  const refresh = () => may && ask({ requestPolicy: 'network-only' });
  useAlertChanges(refresh);
  useEvery(muteLookedAtAgain, refresh);
  if (error && !data) return <FailureNotice failure={failureOf(error)} retry={refresh} />;
  const muted = data?.builtInAlertRules.filter((rule) => rule.mutedUntil) ?? [];
  if (muted.length === 0) return null;
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconBellOff size={18} aria-hidden="true" />}
      role="status"
      mb="md"
    >
      {muted.map(({ rule, mutedUntil }) => (
        <p key={rule}>
          {t('alertRules.mutedUntil')} {mutedUntil && <Instant at={mutedUntil} />}:{' '}
          {t(`alerts.rules.${rule}`)}
        </p>
      ))}
    </Alert>
  );
}
