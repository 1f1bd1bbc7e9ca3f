import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import { type Bar, barsOf, blocksOf, type Place } from './bars';
import type { Worker } from './CorrectDialog';
import type { WorkDayRow } from './DayView';
import classes from './Hours.module.css';
import { Unverified } from './Unverified';
import { useDuration } from './useDuration';

interface DayRowProps {
  row: WorkDayRow;
  narrow(person: string): void;
  correct?: (worker: Worker) => void;
}

/** A person's day: his times of work, and how much they come to. */
export function DayRow({ row, narrow, correct }: DayRowProps) {
  const { t } = useTranslation();
  const duration = useDuration();
  const me = useSession().person.id;
  const { person } = row;
  return (
    <li className={classes.day}>
      <span className={classes.person}>
        <UnstyledButton
          className={classes.name}
          onClick={() => narrow(person.id)}
          title={t('hours.onlyHim', { name: person.name })}
        >
          {person.name}
        </UnstyledButton>
        {person.department && <span className={classes.muted}>{person.department.name}</span>}
      </span>
      <DayBar row={row} />
      <span className={classes.sums}>
        <b>{t('hours.realHours', { count: row.realHours })}</b>
        <span className={classes.muted}>{duration(row.workingMinutes)}</span>
        {row.estimatedMinutes > 0 && (
          <span className={classes.muted}>
            {t('hours.estimatedOf', { duration: duration(row.estimatedMinutes) })}
          </span>
        )}
        {row.unverified && <Unverified />}
      </span>
      {correct && (
        <span className={classes.act}>
          {person.id !== me && (
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={() => correct(person)}
              aria-label={t('hours.correct.of', { name: person.name })}
            >
              <IconPencil size={17} stroke={1.7} aria-hidden="true" />
            </ActionIcon>
          )}
        </span>
      )}
    </li>
  );
}

function DayBar({ row }: { row: WorkDayRow }) {
  const { t } = useTranslation();
  return (
    <div className={classes.bar}>
      <ol aria-label={t('hours.spans', { name: row.person.name })}>
        {barsOf(row, row.spans).map((bar) => (
          <Span key={bar.from} bar={bar} />
        ))}
      </ol>
      {blocksOf(row, row.blocks).map((place) => (
        <i key={place.start} className={classes.block} style={across(place)} aria-hidden="true" />
      ))}
    </div>
  );
}

function Span({ bar }: { bar: Bar }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const words = [
    t('hours.span', { from: formats.time(bar.from), to: formats.time(bar.to) }),
    bar.estimated ? t('hours.estimated') : t('hours.working'),
    bar.corrected && t('hours.corrected'),
  ];
  const spoken = words.filter(Boolean).join(' · ');
  return (
    <li
      className={classes.span}
      style={across(bar)}
      data-estimated={bar.estimated || undefined}
      data-corrected={bar.corrected || undefined}
      title={spoken}
    >
      <span className={classes.spoken}>{spoken}</span>
    </li>
  );
}

function across({ start, length }: Place) {
  return { left: `${start * 100}%`, width: `${length * 100}%` };
}
