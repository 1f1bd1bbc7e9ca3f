import type { EntryTarget } from '@/components/entry/EntryDrawer';
import { useCan } from '@/lib/session/session';
import { DayAhead } from './DayAhead';
import { DayMovements } from './DayMovements';

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
  const seesKeys = useCan('KEYS_VIEW');
  return (
    <>
      {day <= today && <DayMovements key={day} day={day} filter={filter} open={open} />}
      {day >= today && seesKeys && (
        <DayAhead key={`ahead ${day}`} day={day} filter={filter} alone={day > today} />
      )}
    </>
  );
}
