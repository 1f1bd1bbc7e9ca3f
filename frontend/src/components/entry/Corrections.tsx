import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Instant } from '../Instant';
import type { EntryTarget } from './EntryDrawer';
import { Field } from './fields';
import classes from './fields.module.css';

interface CorrectionsProps {
  entry: {
    correction?: { occurredAt: string; previousOccurredAt: string; void: boolean } | null;
    corrects?: { seq: string } | null;
    correctedBy: readonly { seq: string; occurredAt: string; reason?: string | null }[];
  };
  open(target: EntryTarget): void;
}

/** Which entry corrects which, both ways, and what is held to be true since. */
export function Corrections({ entry, open }: CorrectionsProps) {
  const { t } = useTranslation();
  const { correction, corrects, correctedBy } = entry;
  const link = (seq: string) => (
    <UnstyledButton className={classes.entryLink} onClick={() => open({ kind: 'KeyLogEntry', seq })}>
      {t('entry.entryLink', { seq })}
    </UnstyledButton>
  );
  return (
    <>
      <Field name={t('entry.corrects')}>{corrects && link(corrects.seq)}</Field>
      <Field name={t('entry.nowHeld')}>{correction && <Held correction={correction} />}</Field>
      <Field name={t('entry.correctedBy')}>
        {correctedBy.length > 0 && (
          <>
            {t('entry.superseded')}
            <ul className={classes.corrections}>
              {correctedBy.map(({ seq, reason }) => (
                <li key={seq}>
                  {link(seq)} {reason}
                </li>
              ))}
            </ul>
          </>
        )}
      </Field>
    </>
  );
}

function Held({ correction }: { correction: NonNullable<CorrectionsProps['entry']['correction']> }) {
  const { t } = useTranslation();
  if (correction.void) return t('entry.didNotHappen');
  return (
    <>
      {t('entry.movedTo')} <Instant at={correction.occurredAt} show="full" />
      {correction.occurredAt !== correction.previousOccurredAt && (
        <>
          {', '}
          {t('entry.movedFrom')} <Instant at={correction.previousOccurredAt} show="full" />
        </>
      )}
    </>
  );
}
