import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CountSubject, useCountName } from '@/components/explore/countName';
import { paths, type TimelineSearch } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import classes from './Overview.module.css';

interface KindsProps {
  subject: CountSubject;
  counts: readonly { key: string; total: number; person?: { name: string } | null }[];
  /** How many entries have no place in counts. */
  others: number;
  /** The filter that was counted, with its window. */
  search: TimelineSearch;
}

const few = 10;

/** Entries by one thing, most first: a table whose lines are as long as the counts are large. */
export function Kinds({ subject, counts, others, search }: KindsProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const nameOf = useCountName();
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...counts.map(({ total }) => total));
  const shown = all ? counts : counts.slice(0, few);
  return (
    <section className={classes.figure}>
      <table className={classes.table}>
        <caption>{t(`timeline.by.${subject}`)}</caption>
        <thead className={classes.unseen}>
          <tr>
            <th scope="col">{t(`timeline.by.${subject}`)}</th>
            <th scope="col">{t('overview.count')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((count) => (
            <tr key={count.key}>
              <th scope="row" style={{ backgroundSize: `${(count.total / most) * 100}% 22px` }}>
                {count.key === '' ? (
                  <span className={classes.none}>{t(`overview.none.${subject}`)}</span>
                ) : (
                  <Link {...paths.timeline({ ...search, [subject]: count.key })} state={true} preload={false}>
                    {nameOf(subject, count)}
                  </Link>
                )}
              </th>
              <td>{formats.number(count.total)}</td>
            </tr>
          ))}
          {others > 0 && (
            <tr>
              <th scope="row">{t('overview.others')}</th>
              <td>{formats.number(others)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {counts.length > few && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? t('overview.fewer') : t('overview.all', { shown: formats.number(counts.length) })}
        </Button>
      )}
    </section>
  );
}
