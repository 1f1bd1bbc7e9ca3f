import { ActionIcon, Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntryDrawer, type EntryTarget } from '@/components/entry/EntryDrawer';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { BuildingFilter } from '@/components/filters/BuildingFilter';
import { GroupFilter } from '@/components/filters/GroupFilter';
import { Page } from '@/components/Page';
import { type CalendarSearch, paths } from '@/lib/paths';
import { useFormats, useToday } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import { addDays, stripDays, stripStart, weekStart } from '@/lib/time/calendar';
import classes from './CalendarPage.module.css';
import { DayPanel } from './DayPanel';
import { PanelHeader } from './PanelHeader';
import print from './Print.module.css';
import { Strip } from './Strip';
import { Totals } from './Totals';
import { useCalendarDays } from './useCalendarDays';
import { WeekView } from './WeekView';

const week = 7;

/** What moved, when, and what is due. */
export function CalendarPage() {
  const { permissions } = useSession();
  const { t } = useTranslation();
  if (!permissions.has('LOGS_KEYS_VIEW'))
    return <Page title={t('calendar.title')}>{t('calendar.forbidden')}</Page>;
  return <Calendar />;
}

function Calendar() {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = useNavigate();
  const today = useToday();
  const search = useSearch({ from: '/' });
  const [opened, setOpened] = useState<EntryTarget | null>(null);

  const from = search.from ?? stripStart(today);
  const day = search.day ?? today;
  const filter = { group: search.group, building: search.building };
  const inWeek = search.view === 'week';
  const calendar = useCalendarDays(from, filter);

  const show = (change: CalendarSearch) =>
    navigate({ ...paths.calendar({ ...search, ...change }), replace: true });
  const shift = (days: number) => show({ from: shifted(addDays(from, days), today) });
  const goToday = () => show({ from: undefined, day: undefined });

  return (
    <Page title={t('calendar.title')} aside={<Totals filter={filter} today={calendar.counts.get(today)} />}>
      <div className={`${classes.controls} ${print.never}`}>
        <div className={classes.range}>
          <ActionIcon
            variant="default"
            size={36}
            onClick={() => shift(-week)}
            aria-label={t('calendar.earlier')}
          >
            <IconChevronLeft size={18} />
          </ActionIcon>
          <span className={classes.span}>
            {formats.dayOfMonth(from)} – {formats.dayOfMonth(addDays(from, stripDays - 1))}
          </span>
          <ActionIcon
            variant="default"
            size={36}
            onClick={() => shift(week)}
            aria-label={t('calendar.later')}
          >
            <IconChevronRight size={18} />
          </ActionIcon>
          <Button variant="default" onClick={goToday} disabled={!search.from && day === today}>
            {t('calendar.today')}
          </Button>
        </div>
        <div className={classes.filters}>
          <GroupFilter value={search.group} change={(group) => show({ group })} />
          <BuildingFilter value={search.building} change={(building) => show({ building })} />
        </div>
      </div>
      {calendar.failure && <FailureNotice failure={calendar.failure} retry={calendar.retry} />}
      <div className={print.never}>
        <Strip
          from={from}
          today={today}
          day={day}
          counts={calendar.counts}
          open={(chosen) => show({ day: chosen === today ? undefined : chosen })}
          shift={shift}
        />
      </div>
      <section aria-labelledby="day-title">
        <PanelHeader
          from={inWeek ? weekStart(day) : day}
          days={inWeek ? week : 1}
          today={today}
          filter={filter}
          change={(view) => show({ view })}
        />
        {inWeek ? (
          <WeekView
            key={weekStart(day)}
            day={day}
            today={today}
            filter={filter}
            open={setOpened}
            openDay={(chosen) => show({ day: chosen === today ? undefined : chosen, view: undefined })}
          />
        ) : (
          <DayPanel day={day} today={today} filter={filter} open={setOpened} />
        )}
      </section>
      <EntryDrawer target={opened} close={() => setOpened(null)} />
    </Page>
  );
}

/** The usual window is not written into the address. */
function shifted(from: string, today: string): string | undefined {
  return from === stripStart(today) ? undefined : from;
}
