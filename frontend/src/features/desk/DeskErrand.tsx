import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ApprovalLiveFragment, DeskDifferenceFragment } from '@/gql/graphql';
import classes from './Desk.module.css';
import type { Errand, Shown } from './errand';

interface DeskErrandProps {
  errand: Errand;
  clear(): void;
}

/** What is done instead of issuing and taking back, and what it is about. */
export function DeskErrand({ errand, clear }: DeskErrandProps) {
  const { t } = useTranslation();
  return (
    <section className={classes.errand} aria-labelledby="desk-errand">
      <header>
        <h2 id="desk-errand">{t(`desk.commands.${errand.name}`)}</h2>
        <Button variant="default" size="md" onClick={clear}>
          {t('desk.cancel')}
        </Button>
      </header>
      {errand.shown && <About shown={errand.shown} />}
    </section>
  );
}

function About({ shown }: { shown: Shown }) {
  const { t } = useTranslation();
  switch (shown.kind) {
    case 'key':
      return (
        <Big number={shown.key.number}>
          {[shown.key.label, shown.key.loan?.holder.name].filter(Boolean).join(' · ')}
        </Big>
      );
    case 'handover':
      return (
        <Big number={shown.key.number}>
          {[shown.key.loan?.holder.name, shown.to].filter(Boolean).join(' → ')}
        </Big>
      );
    case 'approvals':
      return (
        <ul className={classes.choices} aria-label={t('desk.waitingApprovals')}>
          {shown.approvals.map((approval) => (
            <li key={approval.id}>
              <button type="button" onClick={() => shown.pick(approval)}>
                <strong>{numbersOf(approval)}</strong>
                <span>{approval.holder.name}</span>
              </button>
            </li>
          ))}
        </ul>
      );
    case 'approval':
      return <Request approval={shown.approval} />;
    case 'counting':
      return <Counting shown={shown} />;
    case 'differences':
      return <Differences place={shown.place} open={shown.open} />;
  }
}

function Big({ number, children }: { number: string; children: string }) {
  return (
    <p className={classes.key}>
      <strong className={classes.big}>{number}</strong> <span>{children}</span>
    </p>
  );
}

const numbersOf = ({ keys }: ApprovalLiveFragment) => keys.map(({ number }) => number).join(', ');

function Request({ approval }: { approval: ApprovalLiveFragment }) {
  const { t } = useTranslation();
  const asker = approval.requestedBy?.name ?? t('approvals.somebody');
  return (
    <>
      <Big number={numbersOf(approval)}>{t('approvals.for', { name: approval.holder.name })}</Big>
      <p className={classes.about}>
        {t('desk.askedBy', { name: asker })}
        {approval.comment && ` · ${approval.comment}`}
        {approval.overrideReason && ` · ${t('override.reason')}: ${approval.overrideReason}`}
      </p>
    </>
  );
}

/** How many of the numbers that were scanned are named. */
const named = 12;

function Counting({ shown: { place, numbers, said } }: { shown: Extract<Shown, { kind: 'counting' }> }) {
  const { t } = useTranslation();
  return (
    <>
      <p className={classes.key}>
        <strong className={classes.big}>{t('inventory.result', { place })}</strong>
      </p>
      <p className={classes.about}>
        {t('inventory.scanned', { count: numbers.length })}
        {said === 'twice' && ` · ${t('desk.countedTwice')}`}
        {said === 'full' && ` · ${t('inventory.full', { count: numbers.length })}`}
      </p>
      {numbers.length > 0 && <p className={classes.about}>{numbers.slice(0, named).join(' · ')}</p>}
    </>
  );
}

function Differences({ place, open }: { place: string; open: readonly DeskDifferenceFragment[] }) {
  const { t } = useTranslation();
  const [first, ...others] = open;
  if (!first) return null;
  const about = [first.key?.label, first.key?.cabinet, first.key?.loan?.holder.name].filter(Boolean);
  return (
    <>
      <p className={classes.about}>
        {t('inventory.result', { place })} · {t('inventory.open', { count: open.length })}
      </p>
      <Big number={first.number}>{[t(`inventory.kinds.${first.kind}`), ...about].join(' · ')}</Big>
      {others.length > 0 && (
        <p className={classes.about}>
          {t('desk.then', {
            numbers: others
              .slice(0, named)
              .map(({ number }) => number)
              .join(', '),
          })}
        </p>
      )}
    </>
  );
}
