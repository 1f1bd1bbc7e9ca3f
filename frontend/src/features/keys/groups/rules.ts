import type { KeyTakerInput, SaveKeyGroupInput, Weekday } from '@/gql/graphql';
import type { Group } from './documents';

export const weekdays: readonly Weekday[] = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
];

export type TakerKind = 'person' | 'department' | 'role';

export interface Hours {
  days: Weekday[];
  from: string;
  to: string;
}

/** Somebody who may take a group's keys, as the form holds him. */
export interface TakerDraft {
  /** Tells lines apart while they are edited. */
  line: string;
  kind: TakerKind;
  /** Id of a person or department, or name of a role; empty until chosen. */
  value: string;
  /** Null is always. */
  hours: Hours | null;
}

/** A group as the form holds it. */
export interface GroupDraft {
  name: string;
  takers: TakerDraft[];
  loan: 'open' | 'minutes' | 'until';
  minutes: string;
  until: string;
  /** Empty is none. */
  curfew: string;
}

/** What the form does not accept, by field; a taker's problem names his place. */
export interface Problems {
  name?: true;
  minutes?: true;
  until?: true;
  takers: ReadonlySet<number>;
}

const longestLoan = 525_600;

export const workingHours: Hours = { days: weekdays.slice(0, 5), from: '07:00', to: '18:00' };

export function draftOf(group: Group | null): GroupDraft {
  const loan = group?.defaultLoan;
  return {
    name: group?.name ?? '',
    takers: (group?.takers ?? []).map((taker, index) => ({
      line: `stored ${index}`,
      kind: taker.person ? 'person' : taker.department ? 'department' : 'role',
      value: taker.person?.id ?? taker.department?.id ?? taker.role ?? '',
      hours: taker.window ? { ...taker.window } : null,
    })),
    loan: loan?.minutes ? 'minutes' : loan?.until ? 'until' : 'open',
    minutes: loan?.minutes ? String(loan.minutes) : '480',
    until: loan?.until ?? '17:00',
    curfew: group?.curfew ?? '',
  };
}

export function problemsOf(draft: GroupDraft): Problems {
  const minutes = Number(draft.minutes);
  const takers = new Set(
    draft.takers.flatMap(({ value, hours }, index) =>
      value === '' || (hours !== null && !complete(hours)) ? [index] : [],
    ),
  );
  return {
    ...(draft.name.trim() === '' && { name: true as const }),
    ...(draft.loan === 'minutes' &&
      !(Number.isInteger(minutes) && minutes >= 1 && minutes <= longestLoan) && { minutes: true as const }),
    ...(draft.loan === 'until' && draft.until === '' && { until: true as const }),
    takers,
  };
}

export function acceptable({ takers, ...fields }: Problems): boolean {
  return takers.size === 0 && Object.keys(fields).length === 0;
}

/** What is sent: all rules, so that what was taken out is gone. */
export function inputOf(draft: GroupDraft): Omit<SaveKeyGroupInput, 'id' | 'version' | 'keys'> {
  return {
    name: draft.name.trim(),
    takers: draft.takers.map(takerInput),
    defaultLoan: {
      open: null,
      minutes: { minutes: Number(draft.minutes) },
      until: { until: draft.until },
    }[draft.loan],
    curfew: draft.curfew || null,
  };
}

function takerInput({ kind, value, hours }: TakerDraft): KeyTakerInput {
  const window = hours && {
    days: weekdays.filter((day) => hours.days.includes(day)),
    from: hours.from,
    to: hours.to,
  };
  return { [kind]: value, ...(window && { window }) };
}

function complete({ days, from, to }: Hours): boolean {
  return days.length > 0 && from !== '' && to !== '';
}
