import { ActionIcon, Button, Menu, SegmentedControl } from '@mantine/core';
import { IconChevronDown, IconChevronLeft, IconChevronRight, IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { files, type HoursSearch } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import { useCan, useSession } from '@/lib/session/session';
import { DateField } from './DateField';
import classes from './Hours.module.css';
import { periodOf, shifted, type View } from './period';
import { useArrows } from './useArrows';
import { DepartmentFilter, PersonFilter } from './WorkerFilters';

interface HoursToolsProps {
  view: View;
  views: readonly View[];
  day: string;
  today: string;
  search: HoursSearch;
  change(search: HoursSearch): void;
}

/** Names what is shown; moves in time, narrows to people and exports. Every choice stands in the address. */
export function HoursTools({ view, views, day, today, search, change }: HoursToolsProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const maySearch = useCan('PEOPLE_VIEW');
  const me = useSession().person.id;
  const period = periodOf(view, day);
  const last = period.to >= today;
  const go = (to: string) => change({ day: to >= today ? undefined : to });
  const move = (by: -1 | 1) => {
    if (by < 0 || !last) go(shifted(view, day, by));
  };
  useArrows(move);
  const whole = { day: formats.longDay(day), year: day.slice(0, 4) };
  const title =
    view === 'day' || view === 'year'
      ? whole[view]
      : t('hours.weekOf', { from: formats.dayOfMonth(period.from), to: formats.day(period.to) });
  return (
    <div className={classes.tools}>
      <div className={classes.range}>
        <ActionIcon
          variant="default"
          size={36}
          onClick={() => move(-1)}
          aria-label={t(`hours.earlier.${view}`)}
        >
          <IconChevronLeft size={18} aria-hidden="true" />
        </ActionIcon>
        <h2 className={classes.period} id="hours-period" title={t('hours.keysHint')} aria-live="polite">
          {title}
        </h2>
        <ActionIcon
          variant="default"
          size={36}
          onClick={() => move(1)}
          disabled={last}
          aria-label={t(`hours.later.${view}`)}
        >
          <IconChevronRight size={18} aria-hidden="true" />
        </ActionIcon>
        <Button variant="default" onClick={() => change({ day: undefined })} disabled={day === today}>
          {t('hours.today')}
        </Button>
      </div>
      <div className={classes.choices}>
        {views.length > 1 && (
          <SegmentedControl
            className={classes.views}
            aria-label={t('hours.views')}
            value={view}
            onChange={(by) => change({ by: by === views[0] ? undefined : (by as View) })}
            data={views.map((value) => ({ value, label: t(`hours.view.${value}`) }))}
          />
        )}
        <DateField day={day} today={today} go={go} />
        {maySearch && view !== 'year' && (
          <>
            <PersonFilter value={search.person} change={(person) => change({ person })} />
            <DepartmentFilter value={search.department} change={(department) => change({ department })} />
          </>
        )}
        {view !== 'year' && <Whose person={search.person} me={me} change={change} />}
        <Export view={view} day={day} search={view === 'year' ? { person: me } : search} />
      </div>
    </div>
  );
}

interface WhoseProps extends Pick<HoursToolsProps, 'change'> {
  person: string | undefined;
  me: string;
}

function Whose({ person, me, change }: WhoseProps) {
  const { t } = useTranslation();
  const narrowed = person !== undefined;
  return (
    <Button
      variant="subtle"
      onClick={() => change(narrowed ? { person: undefined } : { person: me, department: undefined })}
    >
      {narrowed ? t('hours.everybody') : t('hours.mine')}
    </Button>
  );
}

function Export({ view, day, search }: Pick<HoursToolsProps, 'view' | 'day' | 'search'>) {
  const { t } = useTranslation();
  const mayExport = useCan('LOGS_EXPORT');
  const mayDays = useCan('LOGS_WORK_VIEW');
  if (!mayExport) return null;
  const { person, department } = search;
  const by = view === 'month' || !mayDays ? 'WEEK' : 'DAY';
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={15} aria-hidden="true" />}>
          {t('hours.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['csv', 'xlsx'] as const).map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={files.hours(format, by, { ...periodOf(view, day), person, department })}
            download
            leftSection={<IconDownload size={16} aria-hidden="true" />}
          >
            {t(`hours.exportAs.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
