import { Button, NumberInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Integrity.module.css';

interface EntryChoiceProps {
  seq: string | null;
  /** How many entries the checkpoint signs. */
  size: string;
  verify(seq: string): void;
}

/** Asks which entry is verified. */
export function EntryChoice({ seq, size, verify }: EntryChoiceProps) {
  const { t } = useTranslation();
  const last = BigInt(size) > 0n ? String(BigInt(size) - 1n) : null;
  const [wanted, setWanted] = useState(seq ?? last ?? '');
  const [shown, setShown] = useState(seq);
  const [missing, setMissing] = useState(false);
  // Another entry in the address moves the number along; a newer checkpoint leaves what is being typed alone.
  if (seq !== shown) {
    setShown(seq);
    if (seq !== null) setWanted(seq);
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = /^\d{1,20}$/.test(wanted);
    setMissing(!given);
    if (given) verify(wanted);
  };
  return (
    <form className={classes.choice} onSubmit={submit} noValidate>
      <NumberInput
        label={t('integrity.entry')}
        description={t('integrity.entryRange', { last: last ?? '–' })}
        value={wanted}
        onChange={(value) => {
          setWanted(String(value));
          setMissing(false);
        }}
        error={missing && t('integrity.entryMissing')}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        maxLength={20}
      />
      <Button type="submit">{t('integrity.verify')}</Button>
    </form>
  );
}
