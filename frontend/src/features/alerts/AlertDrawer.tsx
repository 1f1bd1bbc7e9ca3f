import { Drawer, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { AlertLiveFragment } from '@/components/alerts/AlertFeed';
import dialog from '@/components/Dialog.module.css';
import { EntryDrawer, type EntryTarget } from '@/components/entry/EntryDrawer';
import { Field, Fields } from '@/components/entry/fields';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Instant } from '@/components/Instant';
import { graphql, unmask } from '@/gql';
import type { AlertRule } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { AlertActions } from './AlertActions';
import { AlertStateChip, SeverityMark } from './AlertMarks';
import { Evidence } from './Evidence';

const AlertDocument = graphql(`
  query Alert($id: ID!) {
    alert(id: $id) {
      id
      ...AlertLive
    }
  }
`);

const keyRules: ReadonlySet<AlertRule> = new Set(['KEY_OVERDUE', 'CURFEW_MISSED', 'LEAVER_HOLDS_KEYS']);

const systemRules: ReadonlySet<AlertRule> = new Set([
  'ERASURE_REQUESTED',
  'BACKUP_FAILED',
  'WEBHOOK_PAUSED',
  'RETENTION_FAILED',
  'ARCHIVE_DAMAGED',
  'DISK_FULL',
]);

/** What a rule rests on: movements of keys, what keytrail itself records, or else sign-ins; null for anything. */
function evidenceOf(rule: AlertRule) {
  if (rule === 'CUSTOM') return null;
  if (systemRules.has(rule)) return 'SystemEntry';
  return keyRules.has(rule) ? 'KeyLogEntry' : 'AuthEntry';
}

interface AlertDrawerProps {
  id: string | undefined;
  close(): void;
}

/** Everything that is known of one alert, and what may be done about it. */
export function AlertDrawer({ id, close }: AlertDrawerProps) {
  const { t } = useTranslation();
  const [entry, setEntry] = useState<EntryTarget | null>(null);
  return (
    <>
      <Drawer.Root
        opened={id !== undefined}
        onClose={close}
        closeOnEscape={entry === null} // which closes the entry in front first
        position="right"
        size={480}
        transitionProps={{ duration: 140 }}
      >
        <Drawer.Overlay />
        <Drawer.Content>
          <div className={dialog.head}>
            <Drawer.Title className={dialog.title}>{t('alerts.one')}</Drawer.Title>
            <Drawer.CloseButton aria-label={t('common.close')} />
          </div>
          <Drawer.Body>{id && <Details id={id} openEntry={setEntry} />}</Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <EntryDrawer target={entry} close={() => setEntry(null)} />
    </>
  );
}

function Details({ id, openEntry }: { id: string; openEntry(entry: EntryTarget): void }) {
  const { t } = useTranslation();
  const mayManage = useCan('ALERTS_MANAGE');
  const [{ data, error }, ask] = useQuery({ query: AlertDocument, variables: { id } });
  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  if (!data) return <Skeleton height={320} />;
  const alert = data.alert && unmask(AlertLiveFragment, data.alert);
  if (!alert) return <p>{t('alerts.absent')}</p>;
  return (
    <>
      <Fields>
        <Field name={t('alerts.what')}>{alert.customRuleName ?? t(`alerts.rules.${alert.rule}`)}</Field>
        <Field name={t('alerts.why')}>{t(`alerts.explained.${alert.rule}`)}</Field>
        <Field name={t('alerts.severity')}>
          <SeverityMark severity={alert.severity} />
        </Field>
        <Field name={t('alerts.state')}>
          <AlertStateChip state={alert.state} />
        </Field>
        <Field name={t('alerts.key')}>
          {alert.key && <Link {...paths.key(alert.key.id)}>{alert.key.number}</Link>}
        </Field>
        <Field name={t('alerts.group')}>{alert.groupName}</Field>
        <Field name={t('entry.person')}>{alert.person?.name}</Field>
        <Field name={t('alerts.raisedAt')}>
          <Instant at={alert.raisedAt} show="full" />
        </Field>
        <Field name={t(keyRules.has(alert.rule) ? 'alerts.since' : 'alerts.lastAt')}>
          <Instant at={alert.lastAt} show="full" />
        </Field>
        <Field name={t('alerts.changedBy')}>{alert.changedBy?.name}</Field>
        <Field name={t('alerts.changedAt')}>
          {alert.changedAt && <Instant at={alert.changedAt} show="full" />}
        </Field>
        <Field name={t('alerts.ended')}>{alert.ending && t(`alerts.endings.${alert.ending}`)}</Field>
        <Field name={t('alerts.note')}>{alert.note}</Field>
      </Fields>
      {alert.unreadable && <p>{t('alerts.unreadable')}</p>}
      <Evidence
        key={`evidence of ${alert.id}`}
        kind={evidenceOf(alert.rule)}
        seqs={alert.evidence}
        count={alert.evidenceCount}
        open={openEntry}
      />
      {mayManage && alert.state !== 'RESOLVED' && (
        <AlertActions key={`actions on ${alert.id}`} id={alert.id} state={alert.state} />
      )}
    </>
  );
}
