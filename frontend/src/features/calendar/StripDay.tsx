import { useTranslation } from 'react-i18next';
import { DueMark, IssuedMark, ReservedMark, ReturnedMark } from '@/components/Marks';
import { useFormats } from '@/lib/session/clock';
import { isWeekend, weekdayOf } from '@/lib/time/calendar';
import classes from './Strip.module.css';
import { shownCounts } from './scale';
import type { DayCounts } from './useCalendarDays';

interface StripDayProps {
  date: string;
  today: string;
  counts: DayCounts | undefined;
  scale: number;
  opened: boolean;
  /** The one day that Tab reaches. */
  reachable: boolean;
  open(): void;
}

export function StripDay({ date, today, counts, scale, opened, reachable, open }: StripDayProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const none = { date, issued: 0, returned: 0, reserved: 0, due: 0 };
  const { issued, returned, reserved, due } = shownCounts(counts ?? none, today);
  const spoken = [
    formats.longDay(date),
    date === today ? t('calendar.today') : null,
    issued > 0 ? t('calendar.issued', { count: issued }) : null,
    returned > 0 ? t('calendar.returned', { count: returned }) : null,
    reserved > 0 ? t('calendar.reserved', { count: reserved }) : null,
    due > 0 ? t('calendar.due', { count: due }) : null,
  ].filter(Boolean);
  const height = (count: number) => ({ height: `${(count / scale) * 100}%` });

  return (
    <button
      type="button"
      className={classes.day}
      data-day={date}
      data-today={date === today || undefined}
      data-weekend={isWeekend(date) || undefined}
      aria-current={date === today ? 'date' : undefined}
      aria-pressed={opened}
      aria-label={spoken.join(', ')}
      tabIndex={reachable ? 0 : -1}
      onClick={open}
    >
      <span className={classes.weekday}>{t(`weekdays.${weekdayOf(date)}`)}</span>
      <span className={classes.date}>{Number(date.slice(8))}</span>
      <span className={classes.bars}>
        <span className={classes.issuedBar} style={height(issued)} />
        <span className={classes.returnedBar} style={height(returned)} />
        <span className={classes.reservedBar} style={height(reserved)} />
        <span className={classes.dueBar} style={height(due)} />
      </span>
      <span className={classes.numbers}>
        {issued > 0 && (
          <span className={classes.issued}>
            <IssuedMark />
            {issued}
          </span>
        )}
        {returned > 0 && (
          <span className={classes.returned}>
            <ReturnedMark />
            {returned}
          </span>
        )}
        {reserved > 0 && (
          <span className={classes.reserved}>
            <ReservedMark />
            {reserved}
          </span>
        )}
        {due > 0 && (
          <span className={classes.due}>
            <DueMark />
            {due}
          </span>
        )}
      </span>
    </button>
  );
}
