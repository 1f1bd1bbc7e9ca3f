import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './Desk.module.css';
import type { DeskPerson, Pending } from './step';

interface DeskWaitingProps {
  pending: Pending;
  choices: DeskPerson[];
  choose(person: DeskPerson): void;
  clear(): void;
}

/** What waits for the next number, and the people to choose from where several fit. */
export function DeskWaiting({ pending, choices, choose, clear }: DeskWaitingProps) {
  const { t } = useTranslation();
  const { keys, holder } = pending;
  const waits = keys.length > 0 || holder !== null;
  return (
    <>
      {waits && (
        <section className={classes.waiting} aria-label={t('desk.waiting')}>
          {holder && <strong className={classes.big}>{holder.name}</strong>}
          {keys.map((key) => (
            <p key={key.id} className={classes.key}>
              <strong className={classes.big}>{key.number}</strong> <span>{key.label}</span>
            </p>
          ))}
          <Button variant="default" size="md" onClick={clear}>
            {t('desk.cancel')}
          </Button>
        </section>
      )}
      {choices.length > 0 && (
        <ul className={classes.choices} aria-label={t('desk.who')}>
          {choices.map((person) => (
            <li key={person.id}>
              <button type="button" onClick={() => choose(person)}>
                <strong>{person.name}</strong>
                <span>{[person.department?.name, person.badge].filter(Boolean).join(' · ')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
