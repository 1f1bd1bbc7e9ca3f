import { Alert } from '@mantine/core';
import { IconBellOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { useAlertChanges } from '@/components/alerts/AlertFeed';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';

const MutedRulesDocument = graphql(`
  query MutedRules {
    builtInAlertRules {
      rule
      mutedUntil
    }
  }
`);

/** Tells that rules which are built in raise nothing for now: what is missing from the list may have happened. */
export function MutedNotice() {
  const { t } = useTranslation();
  const [{ data }, ask] = useQuery({ query: MutedRulesDocument });
  useAlertChanges(() => ask({ requestPolicy: 'network-only' }));
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
