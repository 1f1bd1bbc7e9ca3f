import type { TFunction } from 'i18next';
import type { RuleFragment } from '@/gql/graphql';

/** Minutes in the largest unit that divides them. */
export function unitOf(minutes: number): { amount: number; unit: 'minutes' | 'hours' | 'days' } {
  if (minutes >= 1440 && minutes % 1440 === 0) return { amount: minutes / 1440, unit: 'days' };
  if (minutes >= 60 && minutes % 60 === 0) return { amount: minutes / 60, unit: 'hours' };
  return { amount: minutes, unit: 'minutes' };
}

const longUnits = { minutes: 'minutes', hours: 'hoursLong', days: 'daysLong' } as const;

/** What a rule looks for, in a sentence. */
export function wordsOf(t: TFunction, rule: RuleFragment): string {
  const { amount, unit } = unitOf(rule.windowMinutes);
  const window = t(`alertRules.${longUnits[unit]}`, { count: amount });
  const group = t(`alertRules.groups.${rule.groupBy}`);
  const days = rule.hours?.weekdays
    .map((day) => t(`alertRules.weekdays.${day as 1 | 2 | 3 | 4 | 5 | 6 | 7}`))
    .join(' ');
  const said = t(`alertRules.words.${rule.kind}`, {
    count: rule.count,
    window,
    group,
    days: days ?? '',
    from: rule.hours?.from ?? '',
    to: rule.hours?.to ?? '',
  });
  const each = rule.groupBy !== 'NONE' && rule.kind !== 'FIRST_SEEN' && t('alertRules.each', { group });
  const filter = [
    ...rule.actions,
    ...rule.sources,
    ...rule.streams.map((stream) => t(`timeline.stream.${stream}`)),
    rule.outcome && t(`outcomes.${rule.outcome}`),
  ];
  return [said, each, filter.filter(Boolean).join(', ')].filter(Boolean).join(' · ');
}
