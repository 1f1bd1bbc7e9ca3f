import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import { type FragmentType, graphql, unmask } from '@/gql';
import { useFormats } from '@/lib/session/clock';
import classes from './Keeping.module.css';

const BackupRowFragment = graphql(`
  fragment BackupRow on Backup {
    id
    state
    askedBy {
      id
      name
    }
    startedAt
    endedAt
    verifiedAt
    file
    entries
    checkpoint
    bytes
    problem
  }
`);

/** One backup: how it ended, what is in it, and whether its file reads as it was written. */
export function BackupRow({ backup: masked }: { backup: FragmentType<typeof BackupRowFragment> }) {
  const backup = unmask(BackupRowFragment, masked);
  const { t } = useTranslation();
  const formats = useFormats();
  const made = backup.state === 'MADE' || backup.state === 'DROPPED';
  return (
    <li className={classes.row}>
      <span className={classes.chip} data-state={backup.state}>
        {t(`keeping.backupStates.${backup.state}`)}
      </span>
      <span className={classes.what}>
        <Instant at={backup.startedAt} show="full" />
      </span>
      <span className={classes.grow}>
        {made &&
          t('keeping.backupHolds', {
            entries: t('keeping.entries', {
              count: Number(backup.entries),
              shown: formats.number(Number(backup.entries)),
            }),
            checkpoint: formats.number(Number(backup.checkpoint)),
            size: formats.number(Math.ceil(Number(backup.bytes) / 1024)),
          })}
        {backup.state === 'MADE' && <span className={classes.under}>{backup.file}</span>}
        {backup.verifiedAt && (
          <span className={classes.under}>
            {t('keeping.readAgain')} <Instant at={backup.verifiedAt} />
          </span>
        )}
      </span>
      <span className={classes.muted}>
        {backup.askedBy ? t('keeping.askedBy', { name: backup.askedBy.name }) : t('keeping.byItself')}
      </span>
      {backup.problem && <span className={classes.problem}>{backup.problem}</span>}
    </li>
  );
}
