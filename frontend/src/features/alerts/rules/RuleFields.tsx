import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AlertRuleGroup, AlertRuleKind, AlertSeverity, Outcome, Stream } from '@/gql/graphql';
import { fieldsOf, type RuleDraft, type Unit } from './draft';
import classes from './Rules.module.css';

const kinds: AlertRuleKind[] = ['THRESHOLD', 'FIRST_SEEN', 'OUTSIDE_HOURS', 'VOLUME', 'SILENCE'];
const groups: AlertRuleGroup[] = ['NONE', 'ACTOR', 'PERSON', 'SOURCE', 'ACTION', 'ENTITY'];
const streams: Stream[] = ['KEY', 'ACTIVITY', 'AUTH', 'WORK', 'SYSTEM'];
const outcomes: Outcome[] = ['SUCCESS', 'FAILURE', 'DENIED'];
const severities: AlertSeverity[] = ['NOTICE', 'WARNING', 'CRITICAL'];
const units: Unit[] = ['minutes', 'hours', 'days'];
const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const;

interface RuleFieldsProps {
  draft: RuleDraft;
  change(to: Partial<RuleDraft>): void;
  /** What the server refused a field for. */
  refused(field: string): string | null;
}

/** What a rule looks for; each kind has its own fields. */
export function RuleFields({ draft, change, refused }: RuleFieldsProps) {
  const { t } = useTranslation();
  const has = fieldsOf(draft.kind);
  return (
    <>
      <NativeSelect
        label={t('alertRules.kind')}
        description={t(`alertRules.kindsExplained.${draft.kind}`)}
        value={draft.kind}
        onChange={(event) => change({ kind: event.currentTarget.value as AlertRuleKind })}
        data={kinds.map((kind) => ({ value: kind, label: t(`alertRules.kinds.${kind}`) }))}
        error={refused('kind')}
      />
      <TextInput
        label={t('alertRules.actions')}
        description={t('alertRules.actionsHint')}
        value={draft.actions}
        onChange={(event) => change({ actions: event.currentTarget.value })}
        error={refused('actions')}
        autoComplete="off"
        spellCheck={false}
      />
      <TextInput
        label={t('alertRules.sources')}
        description={t('alertRules.sourcesHint')}
        value={draft.sources}
        onChange={(event) => change({ sources: event.currentTarget.value })}
        error={refused('sources')}
        autoComplete="off"
        spellCheck={false}
      />
      <Checkbox.Group
        label={t('alertRules.streams')}
        value={draft.streams}
        onChange={(chosen) => change({ streams: chosen })}
        error={refused('streams')}
      >
        <div className={classes.boxes}>
          {streams.map((stream) => (
            <Checkbox key={stream} value={stream} label={t(`timeline.stream.${stream}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <div className={classes.pair}>
        <NativeSelect
          label={t('alertRules.outcome')}
          value={draft.outcome}
          onChange={(event) => change({ outcome: event.currentTarget.value as Outcome | '' })}
          data={[
            { value: '', label: t('alertRules.anyOutcome') },
            ...outcomes.map((outcome) => ({ value: outcome, label: t(`outcomes.${outcome}`) })),
          ]}
          error={refused('outcome')}
        />
        <NativeSelect
          label={t('alertRules.severity')}
          value={draft.severity}
          onChange={(event) => change({ severity: event.currentTarget.value as AlertSeverity })}
          data={severities.map((severity) => ({
            value: severity,
            label: t(`alerts.severities.${severity}`),
          }))}
          error={refused('severity')}
        />
      </div>
      {has.hours && <HourFields draft={draft} change={change} refused={refused} />}
      {has.count && (
        <TextInput
          label={t('alertRules.count')}
          value={draft.count}
          onChange={(event) => change({ count: event.currentTarget.value })}
          error={refused('count')}
          inputMode="numeric"
          autoComplete="off"
        />
      )}
      {has.window && (
        <div className={classes.pair}>
          <TextInput
            label={t(windowLabel(draft.kind))}
            value={draft.amount}
            onChange={(event) => change({ amount: event.currentTarget.value })}
            error={refused('windowMinutes')}
            inputMode="numeric"
            autoComplete="off"
          />
          <NativeSelect
            label={t('alertRules.unit')}
            value={draft.unit}
            onChange={(event) => change({ unit: event.currentTarget.value as Unit })}
            data={units.map((unit) => ({ value: unit, label: t(`alertRules.units.${unit}`) }))}
          />
        </div>
      )}
      {has.group && (
        <NativeSelect
          label={t(draft.kind === 'FIRST_SEEN' ? 'alertRules.groupFirst' : 'alertRules.groupBy')}
          value={draft.groupBy}
          onChange={(event) => change({ groupBy: event.currentTarget.value as AlertRuleGroup })}
          data={groups.map((group) => ({ value: group, label: t(`alertRules.groups.${group}`) }))}
          error={refused('groupBy')}
        />
      )}
    </>
  );
}

function windowLabel(kind: AlertRuleKind) {
  if (kind === 'SILENCE') return 'alertRules.windowSilence';
  return kind === 'FIRST_SEEN' ? 'alertRules.windowFirst' : 'alertRules.window';
}

function HourFields({ draft, change, refused }: RuleFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Checkbox.Group
        label={t('alertRules.hours')}
        value={draft.weekdays}
        onChange={(chosen) => change({ weekdays: chosen })}
        error={refused('hours.weekdays') ?? refused('hours')}
      >
        <div className={classes.days}>
          {weekdays.map((day) => (
            <Checkbox key={day} value={day} label={t(`alertRules.weekdays.${day}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <div className={classes.pair}>
        <TextInput
          label={t('alertRules.from')}
          value={draft.from}
          onChange={(event) => change({ from: event.currentTarget.value })}
          error={refused('hours.from')}
          placeholder="08:00"
        />
        <TextInput
          label={t('alertRules.to')}
          value={draft.to}
          onChange={(event) => change({ to: event.currentTarget.value })}
          error={refused('hours.to')}
          placeholder="18:00"
        />
      </div>
    </>
  );
}
