import { Button } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { IntegrityStateFragment } from '@/gql/graphql';
import { useFormats, useNow } from '@/lib/session/clock';
import type { KeptCheckpoint } from '@/lib/tlog/continuity';
import { parseCheckpoint, splitNote } from '@/lib/tlog/note';
import type { CheckpointFields } from './CheckpointCard';
import { downloadContradiction } from './download';
import { sinkWord, toneOfWord, verificationWord } from './freshness';
import classes from './Integrity.module.css';
import { mayStartAnew, type Tone, toneOf } from './remember';
import type { Remembered } from './useContinuity';

export const StateFragment = graphql(`
  fragment IntegrityState on Integrity {
    lastVerification {
      finishedAt
      entries
      ok
      findings
    }
    sinks {
      name
      size
      deliveredAt
      failing
    }
  }
`);

const icons = { good: IconCircleCheck, open: IconHelpCircle, bad: IconCircleX };

interface StateProps {
  state: IntegrityStateFragment;
  checkpoint: CheckpointFields;
  /** How the checkpoint stands to the one of last time; null while it is computed. */
  remembered: Remembered | null;
}

/** What stands for the ledger besides its newest signature: a full verification, the past, and places outside. */
export function State({ state, checkpoint, remembered }: StateProps) {
  const { t } = useTranslation();
  return (
    <section className={classes.state} aria-label={t('integrity.state')}>
      <ul>
        <LastVerification verification={state.lastVerification ?? null} />
        <Continued checkpoint={checkpoint} remembered={remembered} />
        {state.sinks.length === 0 && (
          <Line tone="open" title={t('integrity.sinks.none')}>
            {t('integrity.sinks.noneExplained')}
          </Line>
        )}
        {state.sinks.map((sink, index) => (
          <Sink key={sink.name ?? index} sink={sink} number={index + 1} newest={checkpoint.size} />
        ))}
      </ul>
    </section>
  );
}

function Line({ tone, title, children }: { tone: Tone; title: string; children?: ReactNode }) {
  const Icon = icons[tone];
  return (
    <li data-tone={tone}>
      <Icon size={20} stroke={1.9} aria-hidden="true" />
      <div>
        <strong>{title}</strong>
        <div className={classes.stateText}>{children}</div>
      </div>
    </li>
  );
}

function LastVerification({
  verification,
}: {
  verification: IntegrityStateFragment['lastVerification'] | null;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(10_000);
  if (!verification)
    return (
      <Line tone="open" title={t('integrity.verification.none')}>
        {t('integrity.verification.noneExplained')}
      </Line>
    );
  const { finishedAt, ok, findings } = verification;
  const word = verificationWord(verification, now);
  return (
    <Line tone={toneOfWord[word]} title={t(`integrity.verification.${word}`)}>
      <Instant at={finishedAt} show="full" />{' '}
      <span>
        ({formats.ago(Date.parse(finishedAt), now)}) ·{' '}
        {t('integrity.entries', {
          count: Number(verification.entries),
          shown: formats.number(Number(verification.entries)),
        })}
      </span>
      {!ok && <p>{t('integrity.verification.findings', { count: findings })}</p>}
    </Line>
  );
}

interface SinkProps {
  sink: IntegrityStateFragment['sinks'][number];
  number: number;
  /** Entries of the newest checkpoint. */
  newest: string;
}

function Sink({ sink, number, newest }: SinkProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(10_000);
  const place = sink.name ?? t('integrity.sinks.unnamed', { number });
  const word = sinkWord(sink, newest, now);
  return (
    <Line tone={toneOfWord[word]} title={t(`integrity.sinks.${word}`, { place })}>
      {sink.deliveredAt && (
        <>
          <Instant at={sink.deliveredAt} show="full" />{' '}
          <span>
            ({formats.ago(Date.parse(sink.deliveredAt), now)}) ·{' '}
            {t('integrity.entries', {
              count: Number(sink.size ?? 0),
              shown: formats.number(Number(sink.size ?? 0)),
            })}
          </span>
        </>
      )}
    </Line>
  );
}

function Continued({ checkpoint, remembered }: Pick<StateProps, 'checkpoint' | 'remembered'>) {
  const { t } = useTranslation();
  if (!remembered) return <Line tone="open" title={t('integrity.continuity.computing')} />;
  const { standing, before, startAnew } = remembered;
  const tone = toneOf(standing);
  return (
    <Line tone={tone} title={t(`integrity.continuity.${standing}.title`)}>
      {before && tone !== 'open' && <Before before={before} />}
      <p>{t(`integrity.continuity.${standing}.explained`)}</p>
      {before && (tone === 'bad' || mayStartAnew(standing)) && (
        <p className={classes.stateActions}>
          <Button size="xs" variant="default" onClick={() => downloadContradiction(before, checkpoint)}>
            {t('integrity.continuity.keep')}
          </Button>
          {mayStartAnew(standing) && (
            <Button size="xs" variant="subtle" color="gray" onClick={startAnew}>
              {t('integrity.continuity.startAnew')}
            </Button>
          )}
        </p>
      )}
    </Line>
  );
}

function Before({ before }: { before: KeptCheckpoint }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const size = parseCheckpoint(splitNote(before.note)?.text ?? '')?.size;
  return (
    <>
      {t('integrity.continuity.before')} <Instant at={before.seenAt} show="full" />
      {size !== undefined && (
        <> · {t('integrity.entries', { count: Number(size), shown: formats.number(Number(size)) })}</>
      )}
    </>
  );
}
