import { UnstyledButton } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import type { KeyState } from '@/gql/graphql';
import { useFormats } from '@/lib/session/clock';
import { useCan } from '@/lib/session/session';
import classes from './StateChips.module.css';

const HolderNameDocument = graphql(`
  query HolderName($id: ID!) {
    person(id: $id) {
      id
      name
    }
  }
`);

const states: readonly KeyState[] = ['AVAILABLE', 'RESERVED', 'ISSUED', 'OVERDUE', 'LOST', 'RETIRED'];

interface StateChipsProps {
  chosen: KeyState[] | undefined;
  counts: ReadonlyMap<KeyState, number>;
  change(states: KeyState[] | undefined): void;
  holder: string | undefined;
  clearHolder(): void;
}

/** Filters by state, with how many keys each would show. */
export function StateChips({ chosen, counts, change, holder, clearHolder }: StateChipsProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const toggle = (state: KeyState) => {
    const next = chosen?.includes(state)
      ? chosen.filter((each) => each !== state)
      : [...(chosen ?? []), state];
    change(next.length > 0 ? next : undefined);
  };
  const shown = states.filter(
    (state) =>
      (state !== 'LOST' && state !== 'RESERVED') || chosen?.includes(state) || (counts.get(state) ?? 0) > 0,
  );
  return (
    <fieldset className={classes.chips} aria-label={t('keys.states')}>
      {shown.map((state) => (
        <UnstyledButton
          key={state}
          className={classes.chip}
          data-state={state}
          aria-pressed={chosen?.includes(state) ?? false}
          onClick={() => toggle(state)}
        >
          {t(`states.${state}`)}
          <b>{counts.has(state) ? formats.number(counts.get(state) ?? 0) : '–'}</b>
        </UnstyledButton>
      ))}
      {holder && <HolderChip id={holder} clear={clearHolder} />}
    </fieldset>
  );
}

function HolderChip({ id, clear }: { id: string; clear(): void }) {
  const { t } = useTranslation();
  const pause = !useCan('PEOPLE_VIEW');
  const [{ data }] = useQuery({ query: HolderNameDocument, variables: { id }, pause });
  return (
    <UnstyledButton className={classes.chip} aria-pressed="true" onClick={clear}>
      {t('keys.heldBy', { name: data?.person?.name ?? '…' })}
      <IconX size={14} aria-label={t('filters.clear')} />
    </UnstyledButton>
  );
}
