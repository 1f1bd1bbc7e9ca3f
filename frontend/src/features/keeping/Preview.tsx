import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { useFormats } from '@/lib/session/clock';
import { useCan } from '@/lib/session/session';
import classes from './Keeping.module.css';
import { RunDialog } from './RunDialog';
import { Section } from './Section';
import type { RunList } from './useRuns';

const PreviewDocument = graphql(`
  query RetentionPreview {
    retentionPreview {
      asOf
      entries
      held
      nextDue
      streams {
        stream
        entries
        oldest
        newest
      }
    }
  }
`);

/** What would go now, and the button that lets it go. */
export function Preview({ runs }: { runs: RunList }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const mayDelete = useCan('LOGS_DELETE');
  const [running, setRunning] = useState(false);
  const [{ data, error, fetching }, refresh] = useQuery({
    query: PreviewDocument,
    requestPolicy: 'cache-and-network',
  });
  useEffect(() => {
    if (runs.ended) refresh({ requestPolicy: 'network-only' });
  }, [runs.ended, refresh]);
  const preview = data?.retentionPreview;
  const count = Number(preview?.entries ?? 0);
  return (
    <Section
      title={t('keeping.preview')}
      explained={t('keeping.previewExplained')}
      aside={
        <>
          <Button
            variant="default"
            onClick={() => refresh({ requestPolicy: 'network-only' })}
            loading={fetching}
          >
            {t('keeping.lookAgain')}
          </Button>
          {mayDelete && (
            <Button
              color="red"
              variant="light"
              onClick={() => setRunning(true)}
              disabled={count === 0 || runs.running}
            >
              {t('keeping.runNow')}
            </Button>
          )}
        </>
      }
      loaded={Boolean(preview)}
      failure={error ? failureOf(error) : null}
      retry={() => refresh({ requestPolicy: 'network-only' })}
    >
      {preview && count === 0 && <p>{t('keeping.nothingGoes')}</p>}
      {preview && count > 0 && (
        <ul className={classes.list}>
          {preview.streams.map(({ stream, entries, oldest, newest }) => (
            <li key={stream} className={classes.row}>
              <span className={classes.what}>{t(`timeline.stream.${stream}`)}</span>
              <span className={classes.grow}>
                {t('keeping.entries', { count: Number(entries), shown: formats.number(Number(entries)) })}
              </span>
              <span className={classes.muted}>
                {t('keeping.fromTo', {
                  from: formats.day(formats.dateOf(oldest)),
                  to: formats.day(formats.dateOf(newest)),
                })}
              </span>
            </li>
          ))}
        </ul>
      )}
      {preview && Number(preview.held) > 0 && (
        <p>
          {t('keeping.held', { count: Number(preview.held), shown: formats.number(Number(preview.held)) })}
        </p>
      )}
      {preview?.nextDue && (
        <p className={classes.muted}>
          {t('keeping.nextDue')} <Instant at={preview.nextDue} show="full" />
        </p>
      )}
      {running && (
        <RunDialog
          count={count}
          close={() => {
            setRunning(false);
            runs.refresh();
          }}
        />
      )}
    </Section>
  );
}
