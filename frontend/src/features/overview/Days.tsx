import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { paths, type TimelineSearch } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import { dayWithin, type Window } from './heat';
import classes from './Overview.module.css';

interface DaysProps {
  counts: readonly { key: string; total: number }[];
  search: TimelineSearch;
  window: Window;
}

/** Entries of each day: as columns for the eye and the pointer, and as a table for everybody. */
export function Days({ counts, search, window }: DaysProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const most = Math.max(1, ...counts.map(({ total }) => total));
  const linkOf = (day: string) => paths.timeline({ ...search, ...dayWithin(day, window) });
  return (
    <section className={classes.figure} aria-labelledby="overview-days">
      <h2 id="overview-days">{t('overview.by.day')}</h2>
      <div className={classes.columns} aria-hidden="true">
        {counts.map(({ key, total }) => (
          <Link
            key={key}
            {...linkOf(key)}
            state={true}
            tabIndex={-1}
            preload={false}
            title={`${formats.shortDay(key)}: ${formats.number(total)}`}
          >
            <span style={{ height: `${Math.ceil((total / most) * 100)}%` }} />
          </Link>
        ))}
      </div>
      <div className={classes.ends} aria-hidden="true">
        <span>{counts[0] && formats.shortDay(counts[0].key)}</span>
        <span>{t('overview.most', { shown: formats.number(most) })}</span>
        <span>{formats.shortDay(counts.at(-1)?.key ?? window.to.slice(0, 10))}</span>
      </div>
      <details>
        <summary>{t('overview.asTable')}</summary>
        <table className={classes.table}>
          <caption className={classes.unseen}>{t('overview.by.day')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('overview.day')}</th>
              <th scope="col">{t('overview.count')}</th>
            </tr>
          </thead>
          <tbody>
            {counts
              .filter(({ total }) => total > 0)
              .map(({ key, total }) => (
                <tr key={key}>
                  <th scope="row">
                    <Link {...linkOf(key)} state={true} preload={false}>
                      {formats.shortDay(key)}
                    </Link>
                  </th>
                  <td>{formats.number(total)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
