import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Outcome } from '@/gql/graphql';
import { paths } from '@/lib/paths';
import { Hash } from '../Hash';
import { Instant } from '../Instant';
import classes from './fields.module.css';

export function Fields({ children }: { children: ReactNode }) {
  return <dl className={classes.fields}>{children}</dl>;
}

/** A name and its value; nothing at all where there is no value. */
export function Field({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === false || children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** In place of an entry that there is not, or not for the caller. */
export function Absent() {
  const { t } = useTranslation();
  return <p>{t('entry.absent')}</p>;
}

interface OriginProps {
  entry: {
    id: string;
    occurredAt: string;
    recordedAt: string;
    source: string;
    module?: string | null;
    outcome: Outcome;
    ip?: string | null;
    userAgent?: string | null;
    device?: string | null;
    location?: string | null;
  };
}

/** What every kind of entry tells: when, how it ended, where from. */
export function Origin({ entry }: OriginProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field name={t('entry.occurredAt')}>
        <Instant at={entry.occurredAt} show="full" />
      </Field>
      <Field name={t('entry.recordedAt')}>
        <Instant at={entry.recordedAt} show="full" />
      </Field>
      <Field name={t('entry.outcome')}>{t(`outcomes.${entry.outcome}`)}</Field>
      <Field name={t('entry.source')}>{entry.source}</Field>
      <Field name={t('entry.module')}>{entry.module}</Field>
      <Field name={t('entry.ip')}>{entry.ip}</Field>
      <Field name={t('entry.location')}>{entry.location}</Field>
      <Field name={t('entry.device')}>{entry.device}</Field>
      <Field name={t('entry.userAgent')}>{entry.userAgent}</Field>
      <Field name={t('entry.id')}>
        <Hash value={entry.id} label={t('entry.id')} />
      </Field>
    </>
  );
}

interface ProofProps {
  seq: string;
  body: string;
  proof: { treeSize: string; leafData: string; leafHash: string; rootHash: string; hashes: string[] };
}

/** The hashes that tie the entry to the signed checkpoint, and the way to check them. */
export function Proof({ seq, body, proof }: ProofProps) {
  const { t } = useTranslation();
  return (
    <section className={classes.proof}>
      <h3>{t('entry.proof')}</h3>
      <Fields>
        <Field name={t('entry.leafData')}>
          <Hash value={proof.leafData} label={t('entry.leafData')} />
        </Field>
        <Field name={t('entry.leafHash')}>
          <Hash value={proof.leafHash} label={t('entry.leafHash')} />
        </Field>
        <Field name={t('entry.path')}>
          <ol className={classes.path}>
            {proof.hashes.map((hash, level) => (
              <li key={hash}>
                <Hash value={hash} label={t('entry.pathHash', { level })} />
              </li>
            ))}
          </ol>
        </Field>
        <Field name={t('entry.rootHash')}>
          <Hash value={proof.rootHash} label={t('entry.rootHash')} />
        </Field>
        <Field name={t('entry.treeSize')}>{proof.treeSize}</Field>
      </Fields>
      <Button
        variant="light"
        leftSection={<IconShieldCheck size={16} />}
        renderRoot={(props) => <Link {...paths.integrity({ seq })} {...props} />}
      >
        {t('entry.verify')}
      </Button>
      <details className={classes.body}>
        <summary>{t('entry.body')}</summary>
        <pre>{body}</pre>
      </details>
    </section>
  );
}
