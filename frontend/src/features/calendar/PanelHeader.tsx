import { Button, Menu, SegmentedControl } from '@mantine/core';
import { IconChevronDown, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useKeyGroups } from '@/components/filters/GroupFilter';
import { files } from '@/lib/paths';
import { useFormats, useNow } from '@/lib/session/clock';
import { useCan, useSession } from '@/lib/session/session';
import { addDays } from '@/lib/time/calendar';
import type { DayFilter } from './DayPanel';
import classes from './DayPanel.module.css';
import print from './Print.module.css';

interface PanelHeaderProps {
  /** The first day, and how many days are shown. */
  from: string;
  days: number;
  today: string;
  filter: DayFilter;
  change(view: 'week' | undefined): void;
}

/** Names the day or week that is open; shows the one or the other, prints and exports it. */
export function PanelHeader({ from, days, today, filter, change }: PanelHeaderProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const mayExport = useCan('LOGS_EXPORT');
  const to = addDays(from, days - 1);
  const title = days === 1 ? formats.longDay(from) : `${formats.dayOfMonth(from)} – ${formats.day(to)}`;
  return (
    <header className={classes.head}>
      <h2 className={classes.title} id="day-title">
        {title}
        {days === 1 && from === today && <span className={classes.today}>{t('calendar.today')}</span>}
      </h2>
      <PrintedFacts filter={filter} />
      <div className={`${classes.tools} ${print.never}`}>
        <SegmentedControl
          size="xs"
          aria-label={t('calendar.view')}
          value={days === 1 ? 'day' : 'week'}
          onChange={(view) => change(view === 'week' ? 'week' : undefined)}
          data={[
            { value: 'day', label: t('calendar.viewDay') },
            { value: 'week', label: t('calendar.viewWeek') },
          ]}
        />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPrinter size={15} />}
          onClick={() => window.print()}
        >
          {t('calendar.print')}
        </Button>
        {mayExport && from <= today && (
          <Menu position="bottom-end" width={200}>
            <Menu.Target>
              <Button size="compact-sm" variant="default" rightSection={<IconChevronDown size={14} />}>
                {t('calendar.export')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {(['csv', 'xlsx'] as const).map((format) => (
                <Menu.Item
                  key={format}
                  component="a"
                  href={files.movements(format, from, to, filter)}
                  download
                  leftSection={<IconDownload size={16} />}
                >
                  {t(`calendar.exportAs.${format}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
    </header>
  );
}

/** What paper has to say that a screen shows elsewhere: the filter, the zone of its times, and when it was printed. */
function PrintedFacts({ filter }: { filter: DayFilter }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { timeZone } = useSession().server;
  const now = useNow(60_000);
  const group = useKeyGroups().find(({ id }) => id === filter.group);
  const facts = [
    filter.group && t('calendar.printedGroup', { name: group?.name ?? filter.group }),
    filter.building && t('calendar.printedBuilding', { name: filter.building }),
    t('calendar.printedZone', { zone: timeZone }),
    t('calendar.printedAt', { at: formats.dateTime(new Date(now).toISOString()) }),
  ];
  return <p className={print.only}>{facts.filter(Boolean).join(' · ')}</p>;
}
