import { IconCheck, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Hash } from '@/components/Hash';
import { type Bytes, toBase64 } from '@/lib/tlog/bytes';
import { splitNote } from '@/lib/tlog/note';
import type { Claim, Verification } from '@/lib/tlog/verify';
import classes from './Integrity.module.css';

interface StepsProps {
  claim: Claim;
  verification: Verification;
}

/** Every hash that was computed, in the order in which it was computed. */
export function Steps({ claim, verification }: StepsProps) {
  const { t } = useTranslation();
  return (
    <ol className={classes.steps}>
      <Step title={t('integrity.steps.bytes')} fits={verification.leafDataFits ?? undefined}>
        {claim.body === null ? (
          <p className={classes.muted}>{t('integrity.steps.noBytes')}</p>
        ) : (
          <details>
            <summary>{t('integrity.steps.showBytes', { count: claim.body.length })}</summary>
            <pre>{claim.body}</pre>
          </details>
        )}
        <Computed
          rule={t('integrity.steps.leafDataRule')}
          hash={verification.leafData}
          name={t('entry.leafData')}
        />
      </Step>
      <Step title={t('integrity.steps.leaf')}>
        <Computed rule={t('integrity.steps.leafRule')} hash={verification.leaf} name={t('entry.leafHash')} />
      </Step>
      {verification.steps.map((step, index) => (
        <Step
          key={toBase64(step.result)}
          title={t(step.side === 'left' ? 'integrity.steps.siblingLeft' : 'integrity.steps.siblingRight')}
        >
          <Computed
            rule={t('integrity.steps.sibling')}
            hash={step.sibling}
            name={t('entry.pathHash', { level: index + 1 })}
          />
          <Computed
            rule={t(step.side === 'left' ? 'integrity.steps.joinLeft' : 'integrity.steps.joinRight')}
            hash={step.result}
            name={t('integrity.steps.node', { level: index + 1 })}
          />
        </Step>
      ))}
      <Step title={t('integrity.steps.root')} fits={verification.rootFits}>
        <Computed
          rule={t('integrity.steps.computedRoot')}
          hash={verification.root}
          name={t('entry.rootHash')}
        />
        {verification.signedRoot && (
          <Computed
            rule={t('integrity.steps.signedRoot')}
            hash={verification.signedRoot}
            name={t('integrity.steps.signedRoot')}
          />
        )}
      </Step>
      <Step title={t('integrity.steps.text')} fits={verification.signedRoot !== null}>
        <p className={classes.muted}>{t('integrity.steps.textRule')}</p>
        <pre>{splitNote(claim.note)?.text ?? claim.note}</pre>
      </Step>
      <Step
        title={t('integrity.steps.signature')}
        fits={verification.note === 'unsupported' ? undefined : verification.note === 'verified'}
      >
        <p className={classes.muted}>{t(`integrity.notes.${verification.note}`)}</p>
      </Step>
    </ol>
  );
}

interface StepProps {
  title: string;
  /** Whether a comparison held; absent where nothing is compared. */
  fits?: boolean | undefined;
  children: ReactNode;
}

function Step({ title, fits, children }: StepProps) {
  const { t } = useTranslation();
  return (
    <li>
      <div className={classes.stepTitle}>
        {title}
        {fits === true && <IconCheck className={classes.fits} size={17} aria-label={t('integrity.fits')} />}
        {fits === false && <IconX className={classes.fails} size={17} aria-label={t('integrity.fails')} />}
      </div>
      {children}
    </li>
  );
}

function Computed({ rule, hash, name }: { rule: string; hash: Bytes; name: string }) {
  return (
    <p>
      <span className={classes.rule}>{rule}</span>
      <Hash value={toBase64(hash)} label={name} />
    </p>
  );
}
