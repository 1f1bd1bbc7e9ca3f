import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '@/lib/session/clock';
import { isForPage } from '@/lib/singleKeys';
import { addDays, addMonths, stripDays } from '@/lib/time/calendar';
import classes from './Strip.module.css';
import { StripDay } from './StripDay';
import { highest, monthSpans } from './scale';
import type { DayCounts } from './useCalendarDays';

interface StripProps {
  from: string;
  today: string;
  /** The day whose list is open. */
  day: string;
  counts: ReadonlyMap<string, DayCounts>;
  open(day: string): void;
  /** Moves the window by some days. */
  shift(days: number): void;
}

/** 37 days in a row. Arrow keys move, Enter opens; bars share one scale. */
export function Strip({ from, today, day, counts, open, shift }: StripProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const strip = useRef<HTMLDivElement>(null);
  const days = useMemo(() => Array.from({ length: stripDays }, (_, index) => addDays(from, index)), [from]);
  const [wished, setWished] = useState<string | null>(null);
  const reachable = days.includes(wished ?? day) ? (wished ?? day) : (days[0] ?? day);
  const scale = highest(days, counts, today);

  const move = (target: string) => {
    setWished(target);
    if (target < from) shift(-7 * Math.ceil(stripDays / 14));
    else if (target > addDays(from, stripDays - 1)) shift(7 * Math.ceil(stripDays / 14));
    else focusDay(strip.current, target);
  };
  const press = (event: KeyboardEvent) => {
    const target = targetOf(event.key, reachable, days);
    if (!target) return;
    event.preventDefault();
    move(target);
  };

  // After the window moved, the focus follows to the day that was wished for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new window calls for it
  useEffect(() => {
    if (wished) focusDay(strip.current, wished);
  }, [from]);
  useEffect(() => centre(strip.current, from <= today ? today : from), [from, today]);
  useArrowsFromPage(() => focusDay(strip.current, reachable));

  return (
    <div
      className={classes.strip}
      ref={strip}
      role="group"
      aria-label={t('calendar.strip')}
      onKeyDown={press}
    >
      <div className={classes.months} aria-hidden="true">
        {monthSpans(days).map(({ first, length }) => (
          <span key={first} style={{ gridColumn: `span ${length}` }}>
            {length > 2 && formats.month(first)}
          </span>
        ))}
      </div>
      <div className={classes.days}>
        {days.map((each) => (
          <StripDay
            key={each}
            date={each}
            today={today}
            counts={counts.get(each)}
            scale={scale}
            opened={each === day}
            reachable={each === reachable}
            open={() => {
              setWished(each);
              open(each);
            }}
          />
        ))}
      </div>
    </div>
  );
}

function targetOf(key: string, current: string, days: string[]): string | null {
  switch (key) {
    case 'ArrowLeft':
      return addDays(current, -1);
    case 'ArrowRight':
      return addDays(current, 1);
    case 'ArrowUp':
      return addDays(current, -7);
    case 'ArrowDown':
      return addDays(current, 7);
    case 'PageUp':
      return addMonths(current, -1);
    case 'PageDown':
      return addMonths(current, 1);
    case 'Home':
      return days[0] ?? null;
    case 'End':
      return days.at(-1) ?? null;
    default:
      return null;
  }
}

function focusDay(strip: HTMLElement | null, day: string): void {
  strip?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
}

function centre(strip: HTMLElement | null, day: string): void {
  const cell = strip?.querySelector<HTMLElement>(`[data-day="${day}"]`);
  if (strip && cell) strip.scrollLeft = cell.offsetLeft - (strip.clientWidth - cell.offsetWidth) / 2;
}

/** Left and right reach the strip when nothing else has the focus. */
function useArrowsFromPage(reach: () => void): void {
  const latest = useRef(reach);
  useEffect(() => {
    latest.current = reach;
  });
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      const arrow = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
      if (!arrow || event.target !== document.body || !isForPage(event)) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
