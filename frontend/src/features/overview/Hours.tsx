import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths, type TimelineSearch } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import { type HeatDay, heatOf, hourWithin, type Window, warmth } from './heat';
import classes from './Overview.module.css';

interface HoursProps {
  /** By the hour; none where the window is too long for them. */
  counts: readonly { key: string; at?: string | null; total: number }[] | undefined;
  search: TimelineSearch;
  window: Window;
  /** Makes the window short enough. */
  shorten(): void;
}

/** Entries of each hour, a row a day; arrows move from one that has some to the next. */
export function Hours({ counts, search, window, shorten }: HoursProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const days = heatOf(
    (counts ?? []).map(({ key, at, total }) => ({
      reading: `${formats.dateOf(at ?? key)}T${formats.time(at ?? key)}`,
      total,
    })),
  ).filter(({ hours }) => hours.some(Boolean));
  return (
    <section className={classes.figure} aria-labelledby="overview-hours">
      <h2 id="overview-hours">{t('overview.by.hour')}</h2>
      {counts ? (
        <HeatTable days={days} search={search} window={window} />
      ) : (
        <p className={classes.note}>
          {t('overview.tooLong')}{' '}
          <Button variant="default" size="compact-sm" onClick={shorten}>
            {t('overview.shorten')}
          </Button>
        </p>
      )}
    </section>
  );
}

interface HeatTableProps {
  days: HeatDay[];
  search: TimelineSearch;
  window: Window;
}

function HeatTable({ days, search, window }: HeatTableProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const most = Math.max(0, ...days.flatMap(({ hours }) => hours));
  const [reached, setReached] = useState<string>();
  const first = days[0] && `0,${days[0].hours.findIndex(Boolean)}`;
  return (
    <table className={classes.heat} onKeyDown={moveFocus}>
      <caption className={classes.unseen}>{t('overview.by.hour')}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className={classes.unseen}>{t('overview.day')}</span>
          </th>
          {Array.from({ length: 24 }, (_, hour) => hour).map((hour) => (
            <th key={hour} scope="col" data-third={hour % 3 === 0 || undefined}>
              {String(hour).padStart(2, '0')}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.map(({ day, hours }, row) => (
          <tr key={day}>
            <th scope="row">{formats.dayOfMonth(day)}</th>
            {hours.map((total, hour) => {
              const place = `${row},${hour}`;
              return (
                <td key={place} data-warmth={warmth(total, most)}>
                  {total > 0 && (
                    <Link
                      {...paths.timeline({ ...search, ...hourWithin(day, hour, window) })}
                      state={true}
                      preload={false}
                      data-place={place}
                      tabIndex={place === (reached ?? first) ? 0 : -1}
                      onFocus={() => setReached(place)}
                      aria-label={t('overview.cell', {
                        when: `${formats.shortDay(day)} ${String(hour).padStart(2, '0')}:00`,
                        count: total,
                        total: formats.number(total),
                      })}
                    >
                      <span>{formats.number(total)}</span>
                    </Link>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const steps: Record<string, [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** Goes on in the direction of an arrow to the next cell that has entries, if there is one. */
function moveFocus(event: KeyboardEvent<HTMLTableElement>) {
  const step = steps[event.key];
  const place = (event.target as HTMLElement).dataset.place;
  if (!step || !place) return;
  event.preventDefault();
  const rows = event.currentTarget.tBodies[0]?.rows.length ?? 0;
  let [row = 0, hour = 0] = place.split(',').map(Number);
  do {
    row += step[0];
    hour += step[1];
    const next = event.currentTarget.querySelector<HTMLElement>(`[data-place="${row},${hour}"]`);
    if (next) return next.focus();
  } while (row >= 0 && row < rows && hour >= 0 && hour < 24);
}
