import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRoleNames } from '@/components/roleNames';
import { paths } from '@/lib/paths';
import type { Group } from './documents';
import classes from './Groups.module.css';
import { weekdays } from './rules';

interface GroupRowProps {
  group: Group;
  edit: (() => void) | undefined;
}

/** A group with its rules in words. */
export function GroupRow({ group, edit }: GroupRowProps) {
  const { t } = useTranslation();
  const roleName = useRoleNames();
  const takers = group.takers.map((taker) => {
    const who = taker.person?.name ?? taker.department?.name ?? roleName(taker.role ?? '');
    return taker.window ? `${who} (${windowText(taker.window)})` : who;
  });
  const loan = group.defaultLoan;
  return (
    <li className={classes.row}>
      <div>
        <strong>{group.name}</strong>{' '}
        <Link {...paths.keys({ group: group.id })}>{t('groups.count', { count: group.keyCount })}</Link>
        <p className={classes.hint}>
          {takers.length > 0 ? t('groups.takenBy', { takers: takers.join(', ') }) : t('groups.everybody')}
        </p>
        <p className={classes.hint}>
          {[
            loan?.minutes && t('groups.forMinutes', { count: loan.minutes }),
            loan?.until && t('groups.untilTime', { time: loan.until }),
            group.curfew && t('groups.backBy', { time: group.curfew }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {edit && (
        <Button
          variant="default"
          size="xs"
          onClick={edit}
          aria-label={t('groups.editTitle', { name: group.name })}
        >
          {t('keys.edit')}
        </Button>
      )}
    </li>
  );

  function windowText({ days, from, to }: NonNullable<Group['takers'][number]['window']>): string {
    const names = days.map((day) =>
      t(`weekdays.${(weekdays.indexOf(day) + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7}`),
    );
    return `${names.join(' ')} ${from}–${to}`;
  }
}
