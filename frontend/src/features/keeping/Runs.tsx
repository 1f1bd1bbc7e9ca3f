import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import { useFormats } from '@/lib/session/clock';
import classes from './Keeping.module.css';
import { Section } from './Section';
import type { RunList } from './useRuns';

/** The last runs and what went with each. */
export function Runs({ runs }: { runs: RunList }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Section
      title={t('keeping.runs')}
      explained={t('keeping.runsExplained')}
      loaded={runs.loaded}
      failure={runs.failure}
      retry={runs.refresh}
    >
      {runs.list.length === 0 && <p>{t('keeping.noRuns')}</p>}
      <ul className={classes.list} aria-live="polite">
        {runs.list.map((run) => (
          <li key={run.id} className={classes.row}>
            <span className={classes.chip} data-state={run.state}>
              {t(`keeping.states.${run.state}`)}
            </span>
            <span className={classes.what}>
              <Instant at={run.asOf} show="full" />
            </span>
            <span className={classes.grow}>
              {t('keeping.entries', {
                count: Number(run.entries),
                shown: formats.number(Number(run.entries)),
              })}
              , {t('keeping.archiveCount', { count: run.archives })}
            </span>
            <span className={classes.muted}>
              {run.askedBy ? t('keeping.askedBy', { name: run.askedBy.name }) : t('keeping.byItself')}
            </span>
            {run.problem && run.state !== 'DONE' && <span className={classes.problem}>{run.problem}</span>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
