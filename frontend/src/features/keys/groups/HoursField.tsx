import { Checkbox, Chip, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Weekday } from '@/gql/graphql';
import classes from './Groups.module.css';
import { type Hours, weekdays, workingHours } from './rules';

interface HoursFieldProps {
  place: number;
  hours: Hours | null;
  change(hours: Hours | null): void;
}

/** When somebody may take keys: always, or within hours of days of the week. */
export function HoursField({ place, hours, change }: HoursFieldProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.hours}>
      <Checkbox
        label={t('groups.onlyWithin')}
        aria-label={t('groups.onlyWithinOf', { place })}
        checked={hours !== null}
        onChange={(event) => change(event.currentTarget.checked ? workingHours : null)}
      />
      {hours && (
        <>
          <Chip.Group
            multiple
            value={hours.days}
            onChange={(days) => change({ ...hours, days: days as Weekday[] })}
          >
            <div className={classes.days}>
              {weekdays.map((day, index) => (
                <Chip key={day} value={day} size="xs" variant="outline">
                  {t(`weekdays.${(index + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7}`)}
                </Chip>
              ))}
            </div>
          </Chip.Group>
          <div className={classes.times}>
            <TextInput
              type="time"
              size="xs"
              aria-label={t('groups.from', { place })}
              value={hours.from}
              onChange={(event) => change({ ...hours, from: event.currentTarget.value })}
            />
            <span aria-hidden="true">–</span>
            <TextInput
              type="time"
              size="xs"
              aria-label={t('groups.to', { place })}
              value={hours.to}
              onChange={(event) => change({ ...hours, to: event.currentTarget.value })}
            />
          </div>
        </>
      )}
    </div>
  );
}
