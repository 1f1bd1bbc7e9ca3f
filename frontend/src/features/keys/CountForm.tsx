import { Autocomplete, Button, SegmentedControl, Select } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { useKeyGroups } from '@/components/filters/GroupFilter';
import { graphql } from '@/gql';
import classes from './Inventory.module.css';
import { ScanNumbers } from './ScanNumbers';

const CabinetsDocument = graphql(`
  query Cabinets {
    keys(first: 500) {
      edges {
        node {
          id
          cabinet
        }
      }
    }
  }
`);

/** What is counted: a cabinet, or a group. */
export interface CountedPlace {
  cabinet?: string;
  group?: string;
  name: string;
}

/** The cabinets of the first 500 keys; others are typed. */
function useCabinets(): string[] {
  const [{ data }] = useQuery({ query: CabinetsDocument });
  const names = data?.keys.edges.map(({ node }) => node.cabinet).filter(Boolean) ?? [];
  return [...new Set(names)].sort((a, b) => a.localeCompare(b));
}

/** Chooses what is counted, and then takes the numbers that are found. */
export function CountForm({ counted }: { counted(id: string): void }) {
  const { t } = useTranslation();
  const cabinets = useCabinets();
  const groups = useKeyGroups();
  const [by, setBy] = useState<'cabinet' | 'group'>('cabinet');
  const [cabinet, setCabinet] = useState('');
  const [group, setGroup] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [place, setPlace] = useState<CountedPlace | null>(null);

  if (place) return <ScanNumbers place={place} counted={counted} discard={() => setPlace(null)} />;
  const start = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const name = groups.find(({ id }) => id === group)?.name;
    if (by === 'cabinet' && cabinet.trim()) setPlace({ cabinet: cabinet.trim(), name: cabinet.trim() });
    if (by === 'group' && group && name) setPlace({ group, name });
  };
  const error = tried && !(by === 'cabinet' ? cabinet.trim() : group) ? t('inventory.placeMissing') : null;
  return (
    <form className={classes.place} onSubmit={start} noValidate>
      <p>{t('inventory.explained')}</p>
      <SegmentedControl
        aria-label={t('inventory.by')}
        value={by}
        onChange={(value) => setBy(value as typeof by)}
        data={(['cabinet', 'group'] as const).map((value) => ({ value, label: t(`inventory.${value}`) }))}
      />
      {by === 'cabinet' ? (
        <Autocomplete
          label={t('inventory.cabinet')}
          placeholder={t('inventory.cabinetHint')}
          data={cabinets}
          value={cabinet}
          onChange={setCabinet}
          maxLength={100}
          error={error}
        />
      ) : (
        <Select
          label={t('inventory.group')}
          data={groups.map(({ id, name }) => ({ value: id, label: name }))}
          value={group}
          onChange={setGroup}
          searchable
          nothingFoundMessage={t('filters.noGroup')}
          error={error}
        />
      )}
      <Button type="submit">{t('inventory.start')}</Button>
    </form>
  );
}
