import { Button, Switch } from '@mantine/core';
import { IconCalendarCheck, IconChartBar, IconPackageExport } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CaseBundle } from '@/components/bundle/CaseBundle';
import { EntryDrawer, type EntryTarget } from '@/components/entry/EntryDrawer';
import { filterOf, needsPurpose, windowOf } from '@/components/explore/filter';
import { Purpose } from '@/components/explore/Purpose';
import { TimelineFilters } from '@/components/explore/TimelineFilters';
import { useStatedPurpose } from '@/components/explore/useStatedPurpose';
import { useStreams } from '@/components/explore/useStreams';
import { ExportMenu } from '@/components/exports/ExportMenu';
import { ExportNotes } from '@/components/exports/ExportNotes';
import { entryFormats } from '@/components/exports/formats';
import { useExports } from '@/components/exports/useExports';
import { EmptyState } from '@/components/feedback/EmptyState';
import { Page } from '@/components/Page';
import { ViewsMenu } from '@/components/views/ViewsMenu';
import { paths, type TimelineSearch } from '@/lib/paths';
import { useToday } from '@/lib/session/clock';
import { useCan, useSession } from '@/lib/session/session';
import { useSoonWhenShown } from '@/lib/useSoonWhenShown';
import { CloseDay } from './CloseDay';
import { Facets } from './Facets';
import { Histogram } from './Histogram';
import classes from './Timeline.module.css';
import { TimelineList } from './TimelineList';

/** How long after an entry arrived what is counted is counted again, in milliseconds; once for all that arrive by then. */
const recountedAfter = 5_000;

/** Who did what? */
export function TimelinePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { server } = useSession();
  const today = useToday();
  const search = useSearch({ from: '/timeline' });
  const [opened, setOpened] = useState<EntryTarget | null>(null);
  const [live, setLive] = useState(true);
  const { text: purpose, state } = useStatedPurpose();
  const [closing, setClosing] = useState(false);
  const [bundling, setBundling] = useState(false);
  const mayReview = useCan('LOGS_REVIEW');
  const mayExport = useCan('LOGS_EXPORT');
  const filter = useMemo(
    () => filterOf(search, server.timeZone, purpose),
    [search, server.timeZone, purpose],
  );
  const show = useCallback(
    (change: TimelineSearch) => navigate(paths.timeline({ ...search, ...change })),
    [navigate, search],
  );
  const [counted, setCounted] = useState(0);
  const recount = useSoonWhenShown(() => setCounted((times) => times + 1), recountedAfter);
  const streams = useStreams();
  const exported = useExports();
  const waits = needsPurpose(search) && purpose === '';
  return (
    <Page
      title={t('timeline.title')}
      aside={
        <>
          <Switch
            label={t('timeline.live')}
            checked={live && !search.review}
            disabled={search.review !== undefined}
            onChange={(event) => setLive(event.currentTarget.checked)}
          />
          <ViewsMenu list="TIMELINE" search={search} link={paths.timeline} />
          <Button
            variant="default"
            leftSection={<IconChartBar size={16} />}
            renderRoot={(props) => <Link {...paths.overview(search)} state={true} {...props} />}
          >
            {t('overview.title')}
          </Button>
          {mayReview && !waits && (
            <Button
              variant="default"
              leftSection={<IconCalendarCheck size={16} />}
              onClick={() => setClosing(true)}
            >
              {t('review.closeDay')}
            </Button>
          )}
          {mayExport && !waits && (
            <Button
              variant="default"
              leftSection={<IconPackageExport size={16} />}
              onClick={() => setBundling(true)}
            >
              {t('caseBundle.open')}
            </Button>
          )}
          {!waits && (
            <ExportMenu exports={exported} formats={entryFormats} order={{ list: 'TIMELINE', filter }} />
          )}
        </>
      }
    >
      <TimelineFilters search={search} streams={streams} change={show} />
      {needsPurpose(search) && <Purpose stated={purpose} state={state} />}
      <ExportNotes exports={exported} />
      {waits ? (
        <EmptyState title={t('timeline.purposeWanted')} explanation={t('timeline.purposeExplained')} />
      ) : (
        <>
          <Histogram
            filter={filter}
            window={windowOf(search, today)}
            timeZone={server.timeZone}
            choose={show}
            counted={counted}
          />
          <div className={classes.body}>
            <Facets filter={filter} search={search} choose={show} counted={counted} />
            <div className={classes.entries}>
              <TimelineList
                key={JSON.stringify(filter)}
                filter={filter}
                live={live && !search.review}
                grown={recount}
                open={setOpened}
                narrow={show}
              />
            </div>
          </div>
        </>
      )}
      {closing && <CloseDay search={search} purpose={purpose} close={() => setClosing(false)} />}
      {bundling && <CaseBundle filter={filter} close={() => setBundling(false)} />}
      <EntryDrawer target={opened} close={() => setOpened(null)} />
    </Page>
  );
}
