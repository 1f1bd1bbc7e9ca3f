import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CombinedError, useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { BuiltInRuleFragment as Rule } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { MuteForm } from './MuteDialog';
import classes from './Rules.module.css';

export const BuiltInRuleFragment = graphql(`
  fragment BuiltInRule on BuiltInAlertRule {
    rule
    keptOn
    version
    mutedUntil
    mutedBy {
      id
      name
    }
    muteReason
    mutedCount
  }
`);

const MuteBuiltInAlertRuleDocument = graphql(`
  mutation MuteBuiltInAlertRule($input: MuteBuiltInAlertRuleInput!) {
    muteBuiltInAlertRule(input: $input) {
      rule {
        ...BuiltInRule
      }
    }
  }
`);

interface BuiltInRuleRowProps {
  rule: Rule;
  mayManage: boolean;
  refresh(): void;
}

/** One rule of keytrail's own: what it looks for, and whether it is muted. */
export function BuiltInRuleRow({ rule, mayManage, refresh }: BuiltInRuleRowProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [asking, setAsking] = useState(false);
  const [{ fetching }, change] = useMutation(MuteBuiltInAlertRuleDocument);
  const [error, setError] = useState<CombinedError>();
  const name = t(`alerts.rules.${rule.rule}`);
  const seen = { rule: rule.rule, version: rule.version };
  const mute = async (until: string, reason: string) => {
    const answer = await change({ input: { ...seen, until, reason } });
    if (answer.error) refresh(); // another may have muted it meanwhile
    return answer.error;
  };
  const unmute = async () => {
    const answer = await change({ input: { ...seen, reason: '' } });
    setError(answer.error);
    if (answer.error) refresh();
    else announce(t('alertRules.unmuted'));
  };
  return (
    <li className={classes.built} aria-label={name}>
      <div className={classes.head}>
        <h3 className={classes.name}>{name}</h3>
        {rule.mutedUntil && (
          <span className={classes.chip} data-state="MUTED">
            {t('alertRules.states.MUTED')}
          </span>
        )}
        {mayManage && !rule.keptOn && (
          <Button
            variant="subtle"
            size="compact-sm"
            loading={fetching}
            onClick={rule.mutedUntil ? unmute : () => setAsking(true)}
            aria-label={t(rule.mutedUntil ? 'alertRules.unmuteNamed' : 'alertRules.muteNamed', { name })}
          >
            {t(rule.mutedUntil ? 'alertRules.unmute' : 'alertRules.mute')}
          </Button>
        )}
      </div>
      <span className={classes.muted}>{t(`alerts.explained.${rule.rule}`)}</span>
      {mayManage && rule.keptOn && <span className={classes.muted}>{rule.keptOn}</span>}
      {rule.mutedUntil && (
        <span>
          {t('alertRules.mutedUntil')} <Instant at={rule.mutedUntil} />
          {rule.mutedBy && `, ${t('alertRules.mutedBy', { name: rule.mutedBy.name })}`}
          {rule.muteReason && `: ${rule.muteReason}`}
        </span>
      )}
      {rule.mutedCount > 0 && (
        <span className={classes.muted}>{t('alertRules.mutedCount', { count: rule.mutedCount })}</span>
      )}
      {error && rule.mutedUntil && <FailureNotice failure={failureOf(error)} />}
      {asking && (
        <MuteForm
          name={name}
          explained={t('alertRules.muteBuiltInExplained')}
          mute={mute}
          close={() => setAsking(false)}
        />
      )}
    </li>
  );
}
