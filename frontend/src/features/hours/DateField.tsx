import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isDay } from '@/lib/time/calendar';

/** Years that are still being typed lie before it. */
const earliest = '1972-01-01';

interface DateFieldProps {
  day: string;
  today: string;
  go(day: string): void;
}

/** Goes to a day once all of it is typed or chosen. */
export function DateField({ day, today, go }: DateFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(day);
  useEffect(() => setTyped(day), [day]);
  return (
    <TextInput
      type="date"
      aria-label={t('hours.date')}
      value={typed}
      min={earliest}
      max={today}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        if (isDay(value) && value >= earliest) go(value);
      }}
    />
  );
}
