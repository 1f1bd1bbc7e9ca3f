import { useTranslation } from 'react-i18next';
import { Hash } from '@/components/Hash';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { CheckpointFieldsFragment } from '@/gql/graphql';
import { useFormats, useNow } from '@/lib/session/clock';
import { toBase64 } from '@/lib/tlog/bytes';
import { parseCheckpoint, splitNote } from '@/lib/tlog/note';
import classes from './Integrity.module.css';

export const CheckpointFragment = graphql(`
  fragment CheckpointFields on Checkpoint {
    origin
    size
    rootHash
    signedAt
    note
    verifierKey
  }
`);

export type CheckpointFields = CheckpointFieldsFragment;

/**
 * The newest signed statement of what the ledger contains. Log, size and root are read from the signed text; what the
 * server says beside it is not shown, apart from the time, which no checkpoint contains.
 */
export function CheckpointCard({ checkpoint }: { checkpoint: CheckpointFields }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(1_000);
  const signed = parseCheckpoint(splitNote(checkpoint.note)?.text ?? '');
  return (
    <section className={classes.checkpoint} aria-label={t('integrity.checkpoint')}>
      <dl>
        <div>
          <dt>{t('integrity.size')}</dt>
          <dd className={classes.size}>{signed ? formats.number(Number(signed.size)) : '–'}</dd>
        </div>
        <div>
          <dt>{t('integrity.signed')}</dt>
          <dd>
            <Instant at={checkpoint.signedAt} show="seconds" />{' '}
            <span className={classes.muted}>{formats.ago(Date.parse(checkpoint.signedAt), now)}</span>
          </dd>
        </div>
        <div>
          <dt>{t('integrity.origin')}</dt>
          <dd>{signed?.origin ?? t('integrity.unreadable')}</dd>
        </div>
        <div>
          <dt>{t('entry.rootHash')}</dt>
          <dd>{signed ? <Hash value={toBase64(signed.rootHash)} label={t('entry.rootHash')} /> : '–'}</dd>
        </div>
        <div>
          <dt>{t('integrity.verifierKey')}</dt>
          <dd>
            <Hash value={checkpoint.verifierKey} label={t('integrity.verifierKey')} />
          </dd>
        </div>
      </dl>
      <details>
        <summary>{t('integrity.note')}</summary>
        <pre>{checkpoint.note}</pre>
      </details>
    </section>
  );
}
