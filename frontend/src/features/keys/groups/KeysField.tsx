import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';

const KeyChoicesDocument = graphql(`
  query KeyChoices($search: String) {
    keys(filter: { search: $search }, first: 30) {
      edges {
        node {
          id
          number
          label
        }
      }
    }
  }
`);

export interface KeyChoice {
  id: string;
  number: string;
  label: string;
}

interface KeysFieldProps {
  value: KeyChoice[];
  change(keys: KeyChoice[]): void;
  error: string | null;
}

/** Keys to choose; the server searches. */
export function KeysField({ value, change, error }: KeysFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const { found } = useKeyChoices(typed);
  const all = [...new Map([...value, ...found].map((key) => [key.id, key])).values()];
  return (
    <MultiSelect
      label={t('groups.keys')}
      placeholder={value.length === 0 ? t('groups.keysHint') : undefined}
      data={all.map(choiceOf)}
      value={value.map(({ id }) => id)}
      onChange={(ids) => change(all.filter(({ id }) => ids.includes(id)))}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={t('keys.noneFits')}
      hidePickedOptions
      searchable
      clearSearchOnChange={false}
      error={error}
    />
  );
}

/** Keys whose number, label or place fits what was typed. */
export function useKeyChoices(typed: string): { found: KeyChoice[] } {
  const [search] = useDebouncedValue(typed.trim(), 150);
  const [{ data }] = useQuery({ query: KeyChoicesDocument, variables: { search: search || null } });
  return { found: data?.keys.edges.map(({ node }) => node) ?? [] };
}

/** A key as a list of choices shows it. */
export function choiceOf({ id, number, label }: KeyChoice): { value: string; label: string } {
  return { value: id, label: [number, label].filter(Boolean).join(' ') };
}
