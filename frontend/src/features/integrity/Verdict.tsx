import { IconShieldCheck, IconShieldQuestion, IconShieldX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { leadsToSignature, passed } from '@/lib/tlog/verify';
import type { Outcome } from './EntryProof';
import classes from './Integrity.module.css';

const icons = { good: IconShieldCheck, open: IconShieldQuestion, bad: IconShieldX };

/** The answer in one line. */
export function Verdict({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  const { tone, text } = verdictOf(outcome);
  const Icon = icons[tone];
  return (
    <p className={classes.verdict} data-tone={tone} role="status">
      <Icon size={26} stroke={1.8} aria-hidden="true" />
      <span>
        <strong>{t(`integrity.verdicts.${text}.title`)}</strong>
        {t(`integrity.verdicts.${text}.explained`)}
      </span>
    </p>
  );
}

type Text = 'verified' | 'hashOnly' | 'insecure' | 'broken' | 'entry' | 'root' | 'signature' | 'unsupported';

/** What is wrong first, or that nothing is. */
export function verdictOf({ verification, reason }: Outcome): { tone: keyof typeof icons; text: Text } {
  if (!verification)
    return reason === 'insecure' ? { tone: 'open', text: 'insecure' } : { tone: 'bad', text: 'broken' };
  if (passed(verification)) return { tone: 'good', text: 'verified' };
  if (verification.leafDataFits === false) return { tone: 'bad', text: 'entry' };
  if (!verification.rootFits) return { tone: 'bad', text: 'root' };
  if (leadsToSignature(verification)) return { tone: 'open', text: 'hashOnly' };
  if (verification.note === 'unsupported') return { tone: 'open', text: 'unsupported' };
  return { tone: 'bad', text: 'signature' };
}
