import { useTranslation } from 'react-i18next';
import { isWeekend } from '@/lib/time/calendar';
import type { Formats } from '@/lib/time/format';
import type { WallState } from './useWall';
import classes from './Wall.module.css';

interface WallStripProps {
  days: WallState['calendar']['days'];
  today: string;
  formats: Formats;
}

/** The calendar's strip: what was issued and returned, and what is due. */
export function WallStrip({ days, today, formats }: WallStripProps) {
  const { t } = useTranslation();
  const highest = Math.max(1, ...days.flatMap((day) => [day.issued, day.returned, day.due]));
  const height = (count: number) => ({ height: `${(count / highest) * 100}%` });
  return (
    <ol className={classes.strip} aria-label={t('wall.days')}>
      {days.map((day) => (
        <li
          key={day.date}
          data-today={day.date === today || undefined}
          data-weekend={isWeekend(day.date) || undefined}
          aria-label={t('wall.day', {
            day: formats.shortDay(day.date),
            issued: day.issued,
            returned: day.returned,
            due: day.due,
          })}
        >
          <span className={classes.bars} aria-hidden="true">
            <span data-kind="issued" style={height(day.issued)} />
            <span data-kind="returned" style={height(day.returned)} />
            {day.date >= today && <span data-kind="due" style={height(day.due)} />}
          </span>
          <span aria-hidden="true">{Number(day.date.slice(8))}</span>
        </li>
      ))}
    </ol>
  );
}
