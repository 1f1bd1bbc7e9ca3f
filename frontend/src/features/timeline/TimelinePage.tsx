import { Switch, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntryDrawer, type EntryTarget } from '@/components/entry/EntryDrawer';
import { ExportMenu } from '@/components/exports/ExportMenu';
import { ExportNotes } from '@/components/exports/ExportNotes';
import { entryFormats } from '@/components/exports/formats';
import { useExports } from '@/components/exports/useExports';
import { EmptyState } from '@/components/feedback/EmptyState';
import { Page } from '@/components/Page';
import type { Permission, Stream } from '@/gql/graphql';
import { paths, type TimelineSearch } from '@/lib/paths';
import { useToday } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import { Facets } from './Facets';
import { filterOf, needsPurpose, windowOf } from './filter';
import { Histogram } from './Histogram';
import classes from './Timeline.module.css';
import { TimelineFilters } from './TimelineFilters';
import { TimelineList } from './TimelineList';

/** The streams of the timeline, and the right to see each. */
const rights: Partial<Record<Stream, Permission>> = {
  KEY: 'LOGS_KEYS_VIEW',
  ACTIVITY: 'LOGS_ACTIONS_VIEW',
  AUTH: 'LOGS_AUTH_VIEW',
  WORK: 'LOGS_WORK_VIEW',
};

/** Who did what? */
export function TimelinePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { server, permissions } = useSession();
  const today = useToday();
  const search = useSearch({ from: '/timeline' });
  const [opened, setOpened] = useState<EntryTarget | null>(null);
  const [live, setLive] = useState(true);
  const [purpose, setPurpose] = useState('');
  const filter = useMemo(
    () => filterOf(search, server.timeZone, purpose),
    [search, server.timeZone, purpose],
  );
  const show = useCallback(
    (change: TimelineSearch) => navigate({ ...paths.timeline({ ...search, ...change }), replace: true }),
    [navigate, search],
  );
  const streams = (Object.entries(rights) as [Stream, Permission][])
    .filter(([, right]) => permissions.has(right))
    .map(([stream]) => stream);
  const exported = useExports();
  const waits = needsPurpose(search) && purpose === '';
  return (
    <Page
      title={t('timeline.title')}
      aside={
        <>
          <Switch
            label={t('timeline.live')}
            checked={live}
            onChange={(event) => setLive(event.currentTarget.checked)}
          />
          {!waits && (
            <ExportMenu exports={exported} formats={entryFormats} order={{ list: 'TIMELINE', filter }} />
          )}
        </>
      }
    >
      <ExportNotes exports={exported} />
      <TimelineFilters search={search} streams={streams} change={show} />
      {needsPurpose(search) && <Purpose state={setPurpose} />}
      {waits ? (
        <EmptyState title={t('timeline.purposeWanted')} explanation={t('timeline.purposeExplained')} />
      ) : (
        <>
          <Histogram
            filter={filter}
            window={windowOf(search, today)}
            timeZone={server.timeZone}
            choose={show}
          />
          <div className={classes.body}>
            <Facets filter={filter} search={search} choose={show} />
            <div className={classes.entries}>
              <TimelineList
                key={JSON.stringify(filter)}
                filter={filter}
                live={live}
                open={setOpened}
                narrow={show}
              />
            </div>
          </div>
        </>
      )}
      <EntryDrawer target={opened} close={() => setOpened(null)} />
    </Page>
  );
}

/** Why entries of work are looked at; it is recorded, and stands in no address. */
function Purpose({ state }: { state(purpose: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  return (
    <form
      className={classes.purpose}
      onSubmit={(event) => {
        event.preventDefault();
        state(text.trim());
      }}
    >
      <TextInput
        label={t('timeline.purpose')}
        description={t('timeline.purposeHint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => state(text.trim())}
        maxLength={500}
      />
    </form>
  );
}
