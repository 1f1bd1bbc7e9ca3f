import { Button, CloseButton, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { mostNumbers, noScan, scan, unscan } from '@/components/inventory/scanned';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import type { CountedPlace } from './CountForm';
import classes from './Inventory.module.css';

const CountInventoryDocument = graphql(`
  mutation CountInventory($input: CountInventoryInput!) {
    countInventory(input: $input) {
      inventory {
        id
      }
      entry {
        id
        ...Movement
      }
    }
  }
`);

interface ScanNumbersProps {
  place: CountedPlace;
  counted(id: string): void;
  discard(): void;
}

/** Takes one number after the other into one field, as scanners that act as keyboards type them, each with Enter. */
export function ScanNumbers({ place, counted, discard }: ScanNumbersProps) {
  const { t } = useTranslation();
  const [idempotencyKey, setIdempotencyKey] = useState(newId);
  const [typed, setTyped] = useState('');
  const [scanned, setScanned] = useState(noScan);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, send] = useMutation(CountInventoryDocument);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const take = (event: FormEvent) => {
    event.preventDefault();
    setScanned(scan(scanned, typed));
    setIdempotencyKey(newId());
    setTyped('');
  };
  const remove = (number: string) => {
    setScanned(unscan(scanned, number));
    setIdempotencyKey(newId());
    field.current?.focus();
  };
  const finish = async () => {
    setTried(true);
    const { numbers } = typed.trim() ? scan(scanned, typed) : scanned;
    if (numbers.length === 0 || fetching) return field.current?.focus();
    setFailure(null);
    const { cabinet = null, group = null } = place;
    const { data, error } = await send({ input: { cabinet, group, numbers: [...numbers], idempotencyKey } });
    if (error) return setFailure(failureOf(error));
    if (data) counted(data.countInventory.inventory.id);
  };
  const { numbers, said, number } = scanned;
  const words = {
    nothing: '',
    added: t('inventory.added', { number }),
    twice: t('inventory.twice', { number }),
    full: t('inventory.full', { count: mostNumbers }),
  };
  const missing = tried && numbers.length === 0 ? t('inventory.nothingScanned') : null;
  return (
    <section className={classes.scanning} aria-label={t('inventory.result', { place: place.name })}>
      <h2>{t('inventory.result', { place: place.name })}</h2>
      <form onSubmit={take}>
        <TextInput
          ref={field}
          label={t('inventory.number')}
          description={t('inventory.numberHint')}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setIdempotencyKey(newId());
          }}
          maxLength={100}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          size="lg"
          error={missing}
        />
      </form>
      <p className={classes.said} role="status" data-said={said}>
        {t('inventory.scanned', { count: numbers.length })}
        {words[said] && ` · ${words[said]}`}
      </p>
      {failure && <FailureNotice failure={failure} />}
      <div className={classes.buttons}>
        <Button onClick={finish} loading={fetching}>
          {t('inventory.finish')}
        </Button>
        <Button variant="default" onClick={discard}>
          {t('inventory.discard')}
        </Button>
      </div>
      <ul className={classes.numbers}>
        {numbers.map((each) => (
          <li key={each}>
            {each}
            <CloseButton
              size="sm"
              onClick={() => remove(each)}
              aria-label={t('inventory.remove', { number: each })}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
