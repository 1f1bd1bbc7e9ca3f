import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import classes from './Hours.module.css';

/** What is kept about the reader, and where he sees it himself. */
export function Kept({ me }: { me: string }) {
  const { t } = useTranslation();
  const mayReports = useCan('LOGS_WORK_VIEW');
  return (
    <section className={classes.kept} aria-labelledby="hours-kept">
      <h2 id="hours-kept">{t('hours.kept.title')}</h2>
      <ul>
        <li>{t('hours.kept.reports')}</li>
        <li>{t('hours.kept.unverified')}</li>
        <li>{t('hours.kept.corrections')}</li>
        <li>{t('hours.kept.hours')}</li>
        <li>{t('hours.kept.looked')}</li>
      </ul>
      <p className={classes.links}>
        <Link {...paths.hours({ person: me })}>{t('hours.kept.ownHours')}</Link>
        {mayReports && (
          <>
            <Link {...paths.hours({ by: 'year' })}>{t('hours.kept.ownYear')}</Link>
            <Link {...paths.timeline({ streams: ['WORK'], person: me })}>{t('hours.kept.ownReports')}</Link>
          </>
        )}
      </p>
    </section>
  );
}
