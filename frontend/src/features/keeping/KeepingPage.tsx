import { useTranslation } from 'react-i18next';
import { Page } from '@/components/Page';
import { useCan } from '@/lib/session/session';
import { ArchiveSearch } from './ArchiveSearch';
import { Archives } from './Archives';
import { Backups } from './Backups';
import { Holds } from './Holds';
import classes from './Keeping.module.css';
import { Policies } from './Policies';
import { Preview } from './Preview';
import { Runs } from './Runs';
import { useRuns } from './useRuns';

/** How long what is recorded is kept, what goes next and what went, and what is kept in spite of that. */
export function KeepingPage() {
  const { t } = useTranslation();
  const runs = useRuns();
  const holds = useCan('PRIVACY_MANAGE');
  return (
    <Page title={t('keeping.title')}>
      <p className={classes.explained}>{t('keeping.explained')}</p>
      <Policies />
      <Preview runs={runs} />
      <Runs runs={runs} />
      <Archives ended={runs.ended} />
      <ArchiveSearch />
      <Backups />
      {holds && <Holds />}
    </Page>
  );
}
