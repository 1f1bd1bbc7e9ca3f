import type {
  AlertRuleGroup,
  AlertRuleInput,
  AlertRuleKind,
  AlertSeverity,
  Outcome,
  RuleFragment,
  Stream,
} from '@/gql/graphql';
import { unitOf } from './words';

export type Unit = 'minutes' | 'hours' | 'days';

/** A rule as it stands in the form. */
export interface RuleDraft {
  name: string;
  kind: AlertRuleKind;
  actions: string;
  sources: string;
  streams: string[];
  outcome: Outcome | '';
  amount: string;
  unit: Unit;
  count: string;
  groupBy: AlertRuleGroup;
  weekdays: string[];
  from: string;
  to: string;
  severity: AlertSeverity;
  enabled: boolean;
}

const factors: Record<Unit, number> = { minutes: 1, hours: 60, days: 1440 };

export function draftOf(rule: RuleFragment | null): RuleDraft {
  const { amount, unit } = unitOf(rule?.windowMinutes || 60);
  return {
    name: rule?.name ?? '',
    kind: rule?.kind ?? 'THRESHOLD',
    actions: rule?.actions.join(', ') ?? '',
    sources: rule?.sources.join(', ') ?? '',
    streams: rule ? [...rule.streams] : [],
    outcome: rule?.outcome ?? '',
    amount: String(amount),
    unit,
    count: String(rule?.count || 10),
    groupBy: rule?.groupBy ?? 'NONE',
    weekdays: rule?.hours?.weekdays.map(String) ?? ['1', '2', '3', '4', '5'],
    from: rule?.hours?.from ?? '08:00',
    to: rule?.hours?.to ?? '18:00',
    severity: rule?.severity ?? 'WARNING',
    enabled: rule?.enabled ?? true,
  };
}

const parts = (text: string) =>
  text
    .split(/[,\s]+/)
    .map((part) => part.trim())
    .filter(Boolean);

/** Which fields a kind of rule has. */
export function fieldsOf(kind: AlertRuleKind) {
  return {
    window: kind !== 'OUTSIDE_HOURS',
    count: kind === 'THRESHOLD' || kind === 'VOLUME',
    group: kind !== 'SILENCE',
    hours: kind === 'OUTSIDE_HOURS',
  };
}

/** What the server is asked: fields that the kind does not have are left out. */
export function inputOf(draft: RuleDraft): AlertRuleInput {
  const has = fieldsOf(draft.kind);
  return {
    kind: draft.kind,
    actions: parts(draft.actions),
    sources: draft.sources.split(',').map((source) => source.trim()),
    streams: draft.streams as Stream[],
    outcome: draft.outcome || null,
    windowMinutes: has.window ? Math.round((Number(draft.amount) || 0) * factors[draft.unit]) : null,
    count: has.count ? Math.round(Number(draft.count) || 0) : null,
    groupBy: has.group ? draft.groupBy : 'NONE',
    hours: has.hours ? { weekdays: draft.weekdays.map(Number).sort(), from: draft.from, to: draft.to } : null,
    severity: draft.severity,
  };
}
