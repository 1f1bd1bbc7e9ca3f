import { useTranslation } from 'react-i18next';
import type { EntryTarget } from '@/components/entry/EntryDrawer';
import { useFormats } from '@/lib/session/clock';
import { useCan } from '@/lib/session/session';
import { DayAhead } from './DayAhead';
import { DayMovements } from './DayMovements';
import classes from './DayPanel.module.css';

export interface DayFilter {
  group: string | undefined;
  building: string | undefined;
}

interface DayPanelProps {
  day: string;
  today: string;
  filter: DayFilter;
  open(entry: EntryTarget): void;
}

/** One day's list: what is due, from today on, and what moved, up to today. */
export function DayPanel({ day, today, filter, open }: DayPanelProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const seesKeys = useCan('KEYS_VIEW');
  return (
    <section aria-labelledby="day-title">
      <h2 className={classes.title} id="day-title">
        {formats.longDay(day)}
        {day === today && <span className={classes.today}>{t('calendar.today')}</span>}
      </h2>
      {day <= today && <DayMovements key={day} day={day} filter={filter} open={open} />}
      {day >= today && seesKeys && (
        <DayAhead key={`ahead ${day}`} day={day} filter={filter} alone={day > today} />
      )}
    </section>
  );
}
