import { Button } from '@mantine/core';
import { IconTimeline } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { filterOf, needsPurpose, windowOf } from '@/components/explore/filter';
import { Purpose } from '@/components/explore/Purpose';
import { TimelineFilters } from '@/components/explore/TimelineFilters';
import { useStatedPurpose } from '@/components/explore/useStatedPurpose';
import { useStreams } from '@/components/explore/useStreams';
import { EmptyState } from '@/components/feedback/EmptyState';
import { Page } from '@/components/Page';
import { paths, type TimelineSearch } from '@/lib/paths';
import { useToday } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import { Figures } from './Figures';

/** What happened most, when and by whom? */
export function OverviewPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { timeZone } = useSession().server;
  const search = useSearch({ from: '/timeline/overview' });
  const today = useToday();
  const { text: purpose, state } = useStatedPurpose();
  const window = windowOf(search, today);
  const { from, to } = window;
  const filter = useMemo(
    () => filterOf({ ...search, from, to }, timeZone, purpose),
    [search, from, to, timeZone, purpose],
  );
  const show = (change: TimelineSearch) => navigate(paths.overview({ ...search, ...change }));
  const streams = useStreams();
  const waits = needsPurpose(search) && purpose === '';
  return (
    <Page
      title={t('overview.title')}
      aside={
        <Button
          variant="default"
          leftSection={<IconTimeline size={16} />}
          renderRoot={(props) => <Link {...paths.timeline(search)} state={true} {...props} />}
        >
          {t('overview.entries')}
        </Button>
      }
    >
      <TimelineFilters search={search} streams={streams} change={show} />
      {needsPurpose(search) && <Purpose stated={purpose} state={state} />}
      {waits ? (
        <EmptyState title={t('timeline.purposeWanted')} explanation={t('timeline.purposeExplained')} />
      ) : (
        <Figures filter={filter} search={search} window={window} choose={show} />
      )}
    </Page>
  );
}
