import { Button, Progress } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { Instant } from '@/components/Instant';
import classes from './Exports.module.css';
import type { ExportJob, Exports } from './useExports';

/** How far exports are, and their files. They go on when the page is left, and stand here when it is returned to. */
export function ExportNotes({ exports }: { exports: Exports }) {
  const { t } = useTranslation();
  return (
    <>
      {exports.failure && <FailureNotice failure={exports.failure} />}
      {exports.jobs.length > 0 && (
        <ul className={classes.notes} aria-label={t('exports.title')}>
          {exports.jobs.map((job) => (
            <Note key={job.id} job={job} remove={() => exports.remove(job.id)} />
          ))}
        </ul>
      )}
    </>
  );
}

function Note({ job, remove }: { job: ExportJob; remove(): void }) {
  const { t } = useTranslation();
  const name = t('exports.name', {
    list: t(`exports.list.${job.list}`),
    format: t(`exports.as.${job.format}`),
  });
  const ended = job.state === 'DONE' || job.state === 'FAILED';
  return (
    <li className={classes.note}>
      <div className={classes.what}>
        <strong>{name}</strong> <Instant at={job.createdAt} />
        <p role="status">
          <Words job={job} />
        </p>
        {job.state === 'RUNNING' && job.rowsTotal !== null && (
          <Progress
            value={(100 * job.rowsDone) / Math.max(1, job.rowsTotal)}
            aria-label={t('exports.progress', { name })}
          />
        )}
      </div>
      <div className={classes.doing}>
        {job.path && (
          <Button
            component="a"
            href={job.path}
            download
            leftSection={<IconDownload size={16} aria-hidden="true" />}
            aria-label={t('exports.downloadOne', { name })}
          >
            {t('exports.download')}
          </Button>
        )}
        <Button
          variant="default"
          onClick={remove}
          aria-label={t(ended ? 'exports.removeOne' : 'exports.cancelOne', { name })}
        >
          {t(ended ? 'exports.remove' : 'exports.cancel')}
        </Button>
      </div>
    </li>
  );
}

function Words({ job }: { job: ExportJob }) {
  const { t, i18n } = useTranslation();
  const number = (n: number) => new Intl.NumberFormat(i18n.language).format(Math.round(n));
  const rows = {
    done: number(job.rowsDone),
    total: number(job.rowsTotal ?? 0),
    rate: number(job.rowsPerSecond ?? 0),
  };
  if (job.state === 'WAITING') return t('exports.waiting');
  if (job.state === 'FAILED') return t(`exports.problem.${job.problem ?? 'BROKEN'}`);
  if (job.state === 'DONE') {
    return (
      <>
        {t('exports.done', rows)} <Instant at={job.expiresAt} />
      </>
    );
  }
  return t(job.rowsTotal === null ? 'exports.running' : 'exports.runningOf', rows);
}
