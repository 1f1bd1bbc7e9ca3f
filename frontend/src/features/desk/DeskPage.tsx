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
import { DeskMovements } from './DeskMovements';
import { DeskOutcome } from './DeskOutcome';
import { DeskWaiting } from './DeskWaiting';
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
  const { keys, holder } = desk.pending;
  const blocked = desk.outcome?.kind === 'blocked' ? desk.outcome : null;
  const wanted = blocked ? 'reason' : keys.length > 0 ? 'badge' : holder ? 'more' : 'number';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (offline) return;
    if (blocked) {
      if (isReason(text)) blocked.override(text.trim());
      return setText('');
    }
    if (text.trim() === '' && holder) return desk.clear();
    desk.enter(text);
    setText('');
  };
  useEffect(() => {
    const clear = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setText('');
      desk.clear();
      field.current?.focus();
    };
    window.addEventListener('keydown', clear);
    return () => window.removeEventListener('keydown', clear);
  }, [desk.clear]);

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
          maxLength={blocked ? longestReason : 64}
          // biome-ignore lint/a11y/noAutofocus: the page is this field; whoever opens it is about to scan
          autoFocus
        />
      </form>
      <div className={classes.now} aria-live="assertive">
        {offline && <p className={classes.offline}>{t('desk.offline')}</p>}
        <DeskWaiting pending={desk.pending} choices={desk.choices} choose={desk.choose} clear={desk.clear} />
        {desk.outcome && <DeskOutcome outcome={desk.outcome} undo={() => desk.undo(t('desk.undone'))} />}
        {!desk.outcome && wanted === 'number' && <p className={classes.hint}>{t('desk.hint')}</p>}
      </div>
      <DeskMovements />
    </>
  );
}

/** A scanner types wherever the focus is: it goes back to the field unless something else was chosen on purpose. */
function keepFocus(to: EventTarget | null, field: HTMLInputElement | null): void {
  if (to === null) setTimeout(() => field?.focus(), 0);
}
