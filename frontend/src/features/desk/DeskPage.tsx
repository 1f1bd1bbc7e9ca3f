import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConnectionState } from '@/components/ConnectionState';
import { useOffline } from '@/components/connection/useOffline';
import { longestReason } from '@/components/override/OverrideField';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import classes from './Desk.module.css';
import { DeskCommands } from './DeskCommands';
import { DeskErrand } from './DeskErrand';
import { DeskMovements } from './DeskMovements';
import { DeskOutcome } from './DeskOutcome';
import { DeskWaiting } from './DeskWaiting';
import type { Command } from './errand';
import { isReason } from './step';
import { useDesk } from './useDesk';

/** The key room's desk: one field for numbers typed or scanned, what happened, and the last movements. */
export function DeskPage() {
  const { t } = useTranslation();
  const mayIssue = useCan('KEYS_ISSUE');
  useEffect(() => {
    document.title = `${t('desk.title')} · keytrail`;
  }, [t]);
  return (
    <main className={classes.desk} id="content">
      <header className={classes.head}>
        <h1>{t('desk.title')}</h1>
        <ConnectionState />
        <ActionIcon
          variant="subtle"
          color="gray"
          size={44}
          aria-label={t('desk.leave')}
          renderRoot={(props) => <Link {...paths.keys()} {...props} />}
        >
          <IconX size={24} />
        </ActionIcon>
      </header>
      {mayIssue ? <Desk /> : <p>{t('desk.forbidden')}</p>}
    </main>
  );
}

function Desk() {
  const { t } = useTranslation();
  const desk = useDesk();
  const offline = useOffline();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const { errand } = desk;
  const { keys, holder } = desk.pending;
  const blocked = desk.outcome?.kind === 'blocked' ? desk.outcome : null;
  const pending = keys.length > 0 ? 'badge' : holder ? 'more' : 'number';
  const wanted = blocked ? 'reason' : (errand?.asks ?? pending);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (offline) return;
    if (blocked) {
      if (isReason(text)) blocked.override(text.trim());
      return setText('');
    }
    if (!errand && text.trim() === '' && holder) return desk.clear();
    desk.enter(text);
    setText('');
  };
  const commands = blocked || offline ? [] : desk.commands;
  const run = (command: Command) => {
    command.run(text.trim());
    setText('');
    field.current?.focus();
  };
  const clear = () => {
    setText('');
    desk.clear();
    field.current?.focus();
  };
  useDeskKeys(commands, run, clear);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was pressed to get here may be gone, and the focus with it
  useEffect(() => {
    if (document.activeElement === document.body) field.current?.focus();
  }, [desk.outcome, errand, desk.pending]);

  return (
    <>
      <form className={classes.entry} onSubmit={submit}>
        <label htmlFor="desk-number">{t(`desk.enter_${wanted}`)}</label>
        <input
          id="desk-number"
          ref={field}
          className={classes.field}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={(event) => keepFocus(event.relatedTarget, field.current)}
          disabled={offline}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          enterKeyHint="go"
          maxLength={blocked || errand?.words ? longestReason : errand ? 100 : 64}
          // biome-ignore lint/a11y/noAutofocus: the page is this field; whoever opens it is about to scan
          autoFocus
        />
      </form>
      <div className={classes.now} aria-live="assertive">
        {offline && <p className={classes.offline}>{t('desk.offline')}</p>}
        {errand && <DeskErrand errand={errand} clear={clear} />}
        <DeskWaiting pending={desk.pending} choices={desk.choices} choose={desk.choose} clear={clear} />
        {desk.outcome && <DeskOutcome outcome={desk.outcome} undo={() => desk.begin('undo')} />}
        {!desk.outcome && wanted === 'number' && <p className={classes.hint}>{t('desk.hint')}</p>}
      </div>
      <DeskCommands commands={commands} run={run} />
      <DeskMovements />
    </>
  );
}

/** Function keys do what the desk offers now, and Esc leaves it. None of them reaches through an open dialog. */
function useDeskKeys(commands: readonly Command[], run: (command: Command) => void, clear: () => void): void {
  const latest = useRef({ commands, run, clear });
  useEffect(() => {
    latest.current = { commands, run, clear };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('[role="dialog"]')) return;
      if (event.key === 'Escape') return latest.current.clear();
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const command = latest.current.commands.find(({ key }) => key === event.key);
      if (!command) return;
      event.preventDefault();
      if (!event.repeat) latest.current.run(command);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

/** A scanner types wherever the focus is: it goes back to the field unless something else was chosen on purpose. */
function keepFocus(to: EventTarget | null, field: HTMLInputElement | null): void {
  if (to === null) setTimeout(() => field?.focus(), 0);
}
