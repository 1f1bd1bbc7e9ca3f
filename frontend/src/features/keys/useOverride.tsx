import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OverrideField } from '@/components/override/OverrideField';
import { type Failure, mayOverride } from '@/lib/graphql/failure';

/** A reason for going against rules or a reservation, asked for once the server says that it would help. */
export interface Override {
  asked: boolean;
  /** The field, once it is asked for. */
  field: React.ReactNode;
  /** What belongs into the mutation's input. */
  input: { overrideReason?: string };
  /** Whether the form may be sent; says in the field what is missing. */
  ready(failure: Failure | null): boolean;
  /** Takes note of why the mutation was refused. */
  refused(failure: Failure): void;
  /** Something else was chosen, which may need no reason. */
  forget(): void;
}

export function useOverride(): Override {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const said = reason.trim();
  return {
    asked,
    field: asked && (
      <OverrideField value={reason} change={setReason} error={missing ? t('override.missing') : null} />
    ),
    input: asked && said !== '' ? { overrideReason: said } : {},
    ready: (failure) => {
      const unsaid = asked && mayOverride(failure) && said === '';
      setMissing(unsaid);
      return !unsaid;
    },
    refused: (failure) => {
      if (mayOverride(failure)) setAsked(true);
    },
    forget: () => setAsked(false),
  };
}
