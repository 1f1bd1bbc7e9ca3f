import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExportNotes } from '@/components/exports/ExportNotes';
import { useExports } from '@/components/exports/useExports';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Page } from '@/components/Page';
import { failureOf } from '@/lib/graphql/failure';
import { type HoursSearch, paths } from '@/lib/paths';
import { useToday } from '@/lib/session/clock';
import { useCan, useSession } from '@/lib/session/session';
import { AtWorkNow } from './AtWorkNow';
import { CorrectDialog, type Worker } from './CorrectDialog';
import { DayView } from './DayView';
import { GridView } from './GridView';
import classes from './Hours.module.css';
import { HoursTools } from './HoursTools';
import { Kept } from './Kept';
import type { View } from './period';
import { RecomputeButton } from './RecomputeButton';
import { UnknownUsers } from './UnknownUsers';
import { usePurpose } from './usePurpose';
import { YearView } from './YearView';

/** Who was at work, and how much? */
export function HoursPage() {
  const { t } = useTranslation();
  const mayTotals = useCan('WORK_VIEW');
  const mayDays = useCan('LOGS_WORK_VIEW');
  if (!mayTotals && !mayDays) return <Page title={t('hours.title')}>{t('hours.forbidden')}</Page>;
  const day: View[] = mayDays ? ['day'] : [];
  const totals: View[] = mayTotals ? ['week', 'month'] : [];
  return <Hours views={[...day, ...totals, ...(mayTotals && mayDays ? (['year'] as const) : [])]} />;
}

/** @param props.views what the reader may see, what comes first unless he chooses */
function Hours({ views }: { views: View[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const today = useToday();
  const search = useSearch({ from: '/hours' });
  const mayCorrect = useCan('WORK_CORRECT');
  const maySearch = useCan('PEOPLE_VIEW');
  const mayDays = useCan('LOGS_WORK_VIEW');
  const mayManage = useCan('PEOPLE_MANAGE');
  const me = useSession().person.id;
  const purpose = usePurpose();
  const exported = useExports();
  const [correcting, setCorrecting] = useState<Worker | 'somebody' | null>(null);
  const view = views.find((one) => one === search.by) ?? views[0] ?? 'day';
  const day = search.day && search.day <= today ? search.day : today;
  const filter = { person: search.person ?? null, department: search.department ?? null };
  const show = useCallback(
    (change: HoursSearch) => navigate({ ...paths.hours({ ...search, ...change }), replace: true }),
    [navigate, search],
  );
  const narrow = useCallback((person: string) => show({ person }), [show]);
  const correct = mayCorrect ? (worker: Worker) => setCorrecting(worker) : undefined;
  const shown = {
    day,
    filter,
    recording: purpose.text !== null,
    narrow,
    ...(correct && { correct }),
  };
  return (
    <Page
      title={t('hours.title')}
      aside={
        <span className={classes.asides}>
          <RecomputeButton />
          {mayCorrect && maySearch && (
            <Button
              variant="default"
              leftSection={<IconPencil size={16} aria-hidden="true" />}
              onClick={() => setCorrecting('somebody')}
            >
              {t('hours.correct.open')}
            </Button>
          )}
        </span>
      }
    >
      {purpose.error && <FailureNotice failure={failureOf(purpose.error)} retry={purpose.retry} />}
      {purpose.text && (
        <p className={classes.purpose}>
          <b>{t('hours.purpose')}:</b> {purpose.text}
        </p>
      )}
      {purpose.text === null && <EmptyState title={t('hours.off')} explanation={t('hours.offExplained')} />}
      {mayDays && purpose.text && <AtWorkNow filter={filter} />}
      {mayManage && <UnknownUsers />}
      <HoursTools
        view={view}
        views={views}
        day={day}
        today={today}
        search={search}
        exported={exported}
        change={show}
      />
      <ExportNotes exports={exported} />
      {view === 'day' && <DayView {...shown} />}
      {view === 'year' && <YearView day={day} me={me} />}
      {(view === 'week' || view === 'month') && <GridView view={view} {...shown} />}
      <Kept me={me} />
      {correcting && (
        <CorrectDialog
          worker={correcting === 'somebody' ? null : correcting}
          day={day}
          close={() => setCorrecting(null)}
        />
      )}
    </Page>
  );
}
