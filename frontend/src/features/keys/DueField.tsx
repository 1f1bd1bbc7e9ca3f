import { Chip, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import { instantOf, wallClockOf } from '@/lib/time/calendar';
import { type DuePreset, type DuePresetName, duePresets } from '@/lib/time/due';
import classes from './DeskForm.module.css';

type Choice = DuePresetName | 'groups' | 'none' | 'custom';

export interface Due {
  choice: Choice;
  choose(choice: Choice): void;
  presets: DuePreset[];
  /** What was typed, on the clock of the display zone. */
  wallClock: string;
  type(wallClock: string): void;
  /** RFC 3339 in UTC; null is until further notice, undefined leaves it to the keys' groups. */
  at: string | null | undefined;
  problem: 'unreadable' | 'past' | null;
}

/** When the keys are due: as their groups say unless chosen otherwise. */
export function useDue(preferred: Choice = 'groups'): Due {
  const { server, clockOffset } = useSession();
  const [presets] = useState(() => duePresets(Date.now() + clockOffset, server.timeZone));
  const [choice, choose] = useState<Choice>(preferred);
  const [wallClock, type] = useState(() =>
    wallClockOf(Date.parse(presets.at(-1)?.at ?? '') || Date.now(), server.timeZone),
  );
  const typed = instantOf(wallClock, server.timeZone);
  const at = dueOf(choice, presets, typed);
  const past = typeof at === 'string' && Date.parse(at) <= Date.now() + clockOffset;
  const unreadable = choice === 'custom' && typed === null;
  return {
    choice,
    choose,
    presets,
    wallClock,
    type,
    at,
    problem: unreadable ? 'unreadable' : past ? 'past' : null,
  };
}

function dueOf(choice: Choice, presets: DuePreset[], typed: string | null): string | null | undefined {
  if (choice === 'groups') return undefined;
  return choice === 'custom' ? typed : (presets.find(({ name }) => name === choice)?.at ?? null);
}

interface DueFieldProps {
  due: Due;
  /** What the groups say now: null for until further notice, undefined while it is not known. */
  byGroups?: string | null | undefined;
  error: Due['problem'];
  /** The server's own words about the due time. */
  refused: string | null;
  /** Offers until further notice and what the groups say, too. */
  openEnd?: boolean;
}

export function DueField({ due, byGroups, error, refused, openEnd = true }: DueFieldProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { timeZone } = useSession().server;
  const problem = error ? t(`due.${error}`) : refused;
  const choices: Choice[] = [
    ...(openEnd ? (['groups', 'none'] as const) : []),
    ...due.presets.map(({ name }) => name),
    'custom',
  ];
  return (
    <fieldset className={classes.due}>
      <legend>{t('due.label')}</legend>
      <Chip.Group value={due.choice} onChange={(choice) => due.choose(choice as Choice)}>
        <div className={classes.presets}>
          {choices.map((choice) => (
            <Chip key={choice} value={choice} size="sm" variant="outline">
              {t(`due.${choice}`)}
            </Chip>
          ))}
        </div>
      </Chip.Group>
      {due.choice === 'custom' ? (
        <TextInput
          className={classes.custom}
          type="datetime-local"
          aria-label={t('due.at')}
          description={t('due.zone', { zone: timeZone })}
          value={due.wallClock}
          onChange={(event) => due.type(event.currentTarget.value)}
          error={problem}
        />
      ) : (
        <p className={classes.when}>{problem ?? meaning()}</p>
      )}
    </fieldset>
  );

  function meaning(): string {
    const at = due.choice === 'groups' ? byGroups : due.at;
    if (at === undefined) return t('due.earliestOfGroups');
    return at === null ? t('due.openEnd') : formats.dateTime(at);
  }
}
