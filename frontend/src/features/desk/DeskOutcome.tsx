import { Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCheck, IconClock, IconPrinter, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { InTheWay } from '@/components/feedback/InTheWay';
import { files, paths } from '@/lib/paths';
import { useFormats, useToday } from '@/lib/session/clock';
import { undoable } from './commands';
import classes from './Desk.module.css';
import type { Outcome } from './errand';

interface DeskOutcomeProps {
  outcome: Outcome;
  undo(): void;
}

/** What just happened, to be read from two metres. */
export function DeskOutcome({ outcome, undo }: DeskOutcomeProps) {
  const { t, i18n } = useTranslation();
  switch (outcome.kind) {
    case 'issued':
      return (
        <Done kind="issued" undo={undo} due={outcome.dueAt}>
          {t('desk.issued', {
            numbers: outcome.keys.map(({ number }) => number).join(', '),
            name: outcome.holder.name,
          })}
        </Done>
      );
    case 'returned':
      return (
        <Done kind="returned" undo={undoable(outcome) ? undo : undefined} due={null}>
          {outcome.holder
            ? t('desk.returnedFrom', { number: outcome.key.number, name: outcome.holder.name })
            : t('desk.returned', { number: outcome.key.number })}
        </Done>
      );
    case 'refused':
      return (
        <section className={classes.outcome} data-kind="refused">
          <IconX size={40} aria-hidden="true" />
          <p>{t(`desk.refused_${outcome.why}`, { typed: outcome.typed })}</p>
        </section>
      );
    case 'requested':
      return (
        <section className={classes.outcome} data-kind="requested">
          <IconClock size={40} aria-hidden="true" />
          <p>
            {t('desk.requested', {
              numbers: outcome.keys.map(({ number }) => number).join(', '),
              name: outcome.holder.name,
            })}
            <span className={classes.due}>
              <Link {...paths.approvals()}>{t('desk.seeApprovals')}</Link>
            </span>
          </p>
        </section>
      );
    case 'blocked':
      return (
        <section className={classes.outcome} data-kind="refused">
          <IconX size={40} aria-hidden="true" />
          <div className={classes.why}>
            <p>
              {t('desk.blocked', {
                numbers: outcome.keys.map(({ number }) => number).join(', '),
                name: outcome.holder.name,
              })}
            </p>
            <InTheWay failure={outcome.failure} />
          </div>
        </section>
      );
    case 'done':
      return (
        <section className={classes.outcome} data-kind="done">
          <IconCheck size={40} aria-hidden="true" />
          <p>{t(`desk.done.${outcome.what}`, outcome)}</p>
        </section>
      );
    case 'receipt':
      return (
        <section className={classes.outcome} data-kind="done">
          <IconPrinter size={40} aria-hidden="true" />
          <p>
            {t('desk.receiptOf', outcome)}
            <span className={classes.due}>
              <a
                href={files.receipt(outcome.loan, i18n.resolvedLanguage ?? 'en')}
                target="_blank"
                rel="noopener"
              >
                {t('desk.openReceipt')}
              </a>
            </span>
          </p>
        </section>
      );
    case 'counted':
      return (
        <section className={classes.outcome} data-kind="done">
          <IconCheck size={40} aria-hidden="true" />
          <p>
            {t('desk.counted', outcome)} ·{' '}
            {outcome.open > 0 ? t('inventory.open', { count: outcome.open }) : t('inventory.allSettled')}
            <span className={classes.due}>
              <Link {...paths.inventory({ count: outcome.inventory })}>{t('desk.seeCount')}</Link>
            </span>
          </p>
        </section>
      );
    case 'failed':
      return <FailureNotice failure={outcome.failure} retry={outcome.again} />;
  }
}

interface DoneProps {
  kind: 'issued' | 'returned';
  due: string | null;
  undo: (() => void) | undefined;
  children: string;
}

function Done({ kind, due, undo, children }: DoneProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const today = useToday();
  const Icon = kind === 'issued' ? IconArrowUp : IconArrowDown;
  return (
    <section className={classes.outcome} data-kind={kind}>
      <Icon size={40} aria-hidden="true" />
      <p>
        {children}
        {due && <span className={classes.due}>{t('desk.due', { time: formats.compact(due, today) })}</span>}
      </p>
      {undo && (
        <Button variant="default" size="md" onClick={undo}>
          {t('desk.undo')} (F7)
        </Button>
      )}
    </section>
  );
}
