import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { RuleFragment as Rule } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { SeverityMark } from '../AlertMarks';
import { MuteAlertRuleDocument, MuteDialog } from './MuteDialog';
import { RemoveRuleDialog } from './RemoveRuleDialog';
import { RuleForm } from './RuleForm';
import classes from './Rules.module.css';
import { wordsOf } from './words';

export const RuleFragment = graphql(`
  fragment Rule on CustomAlertRule {
    id
    name
    kind
    streams
    actions
    outcome
    sources
    windowMinutes
    count
    groupBy
    hours {
      weekdays
      from
      to
    }
    severity
    enabled
    version
    mutedUntil
    muteReason
    mutedCount
    lastAlertAt
    problem
  }
`);

/** A rule that is muted may have a problem as well. */
function statesOf(rule: Rule) {
  if (!rule.enabled) return ['OFF'] as const;
  const states = [rule.mutedUntil && ('MUTED' as const), rule.problem && ('BROKEN' as const)];
  const some = states.filter((state) => state === 'MUTED' || state === 'BROKEN');
  return some.length > 0 ? some : (['ON'] as const);
}

interface RuleRowProps {
  rule: Rule;
  mayManage: boolean;
  changed(): void;
}

/** One rule: what it looks for, how it does, and what may be done with it. */
export function RuleRow({ rule, mayManage, changed }: RuleRowProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [asked, setAsked] = useState<'change' | 'mute' | 'remove' | null>(null);
  const [{ error }, mute] = useMutation(MuteAlertRuleDocument);
  const close = () => setAsked(null);
  const name = rule.name ?? t('alertRules.unnamed');
  const unmute = async () => {
    const answer = await mute({ input: { rule: rule.id, reason: '' } });
    if (!answer.error) announce(t('alertRules.unmuted'));
  };
  return (
    <li className={classes.rule} aria-label={name}>
      <div className={classes.head}>
        <h2 className={classes.name}>{name}</h2>
        <SeverityMark severity={rule.severity} />
        {statesOf(rule).map((state) => (
          <span key={state} className={classes.chip} data-state={state}>
            {t(`alertRules.states.${state}`)}
          </span>
        ))}
        {mayManage && (
          <>
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => setAsked('change')}
              aria-label={t('alertRules.changeNamed', { name })}
            >
              {t('alertRules.change')}
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon variant="subtle" aria-label={t('alertRules.moreNamed', { name })}>
                  <IconDotsVertical size={18} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {rule.mutedUntil ? (
                  <Menu.Item onClick={unmute}>{t('alertRules.unmute')}</Menu.Item>
                ) : (
                  <Menu.Item onClick={() => setAsked('mute')}>{t('alertRules.mute')}</Menu.Item>
                )}
                <Menu.Item color="red" onClick={() => setAsked('remove')}>
                  {t('alertRules.remove')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        )}
      </div>
      <p className={classes.words}>{wordsOf(t, rule)}</p>
      {rule.problem && <p className={classes.problem}>{rule.problem}</p>}
      {error && <FailureNotice failure={failureOf(error)} />}
      <p className={classes.muted}>
        {rule.lastAlertAt ? (
          <>
            {t('alertRules.lastAlert')} <Instant at={rule.lastAlertAt} />
          </>
        ) : (
          t('alertRules.neverAlerted')
        )}
        {rule.mutedUntil && (
          <>
            {' · '}
            {t('alertRules.mutedUntil')} <Instant at={rule.mutedUntil} />
            {rule.muteReason && `: ${rule.muteReason}`}
          </>
        )}
        {rule.mutedCount > 0 && ` · ${t('alertRules.mutedCount', { count: rule.mutedCount })}`}
      </p>
      {asked === 'change' && <RuleForm rule={rule} close={close} saved={changed} />}
      {asked === 'mute' && <MuteDialog id={rule.id} name={name} close={close} />}
      {asked === 'remove' && <RemoveRuleDialog id={rule.id} name={name} close={close} removed={changed} />}
    </li>
  );
}
