import { IconShieldCheck, IconShieldQuestion, IconShieldX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { leadsToSignature, passed } from '@/lib/tlog/verify';
import type { Outcome } from './EntryProof';
import classes from './Integrity.module.css';
import { type Standing, stands, type Tone, toneOf } from './remember';

const icons = { good: IconShieldCheck, open: IconShieldQuestion, bad: IconShieldX };

interface VerdictProps {
  outcome: Outcome;
  /** How the checkpoint stands to the one of last time. */
  standing: Standing;
}

/** The answer in one line. */
export function Verdict({ outcome, standing }: VerdictProps) {
  const { t } = useTranslation();
  const { tone, text } = verdictOf(outcome, standing);
  const Icon = icons[tone];
  return (
    <p className={classes.verdict} data-tone={tone}>
      <Icon size={26} stroke={1.8} aria-hidden="true" />
      <span>
        <strong>{t(`integrity.verdicts.${text}.title`)}</strong>
        {t(`integrity.verdicts.${text}.explained`)}
      </span>
    </p>
  );
}

type Text =
  | 'verified'
  | 'otherHistory'
  | 'uncompared'
  | 'hashOnly'
  | 'insecure'
  | 'broken'
  | 'entry'
  | 'root'
  | 'signature'
  | 'unsupported';

/** What is wrong first, or that nothing is: an entry that fits is worth as much as the history that it stands in. */
export function verdictOf({ verification, reason }: Outcome, standing: Standing): { tone: Tone; text: Text } {
  if (!verification)
    return reason === 'insecure' ? { tone: 'open', text: 'insecure' } : { tone: 'bad', text: 'broken' };
  if (verification.leafDataFits === false) return { tone: 'bad', text: 'entry' };
  if (!verification.rootFits) return { tone: 'bad', text: 'root' };
  if (verification.note === 'unsupported') return { tone: 'open', text: 'unsupported' };
  if (!leadsToSignature(verification)) return { tone: 'bad', text: 'signature' };
  if (toneOf(standing) === 'bad') return { tone: 'bad', text: 'otherHistory' };
  if (!passed(verification)) return { tone: 'open', text: 'hashOnly' };
  return stands(standing) ? { tone: 'good', text: 'verified' } : { tone: 'open', text: 'uncompared' };
}
