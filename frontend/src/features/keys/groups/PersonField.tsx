import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import classes from './Groups.module.css';

const TakerChoicesDocument = graphql(`
  query TakerChoices($search: String) {
    people(search: $search, first: 20) {
      edges {
        node {
          id
          name
          department {
            id
            name
          }
        }
      }
    }
  }
`);

interface PersonFieldProps {
  label: string;
  /** Id; empty until somebody is chosen. */
  value: string;
  /** Who it is, where that was stored. */
  name: string | undefined;
  choose(id: string | null): void;
}

/** Finds a person who may take keys; the server searches. */
export function PersonField({ label, value, name, choose }: PersonFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(() => (value && name ? { value, label: name } : null));
  const [search] = useDebouncedValue(typed === chosen?.label ? '' : typed.trim(), 150);
  const [{ data }] = useQuery({ query: TakerChoicesDocument, variables: { search: search || null } });
  const found = (data?.people.edges ?? []).map(({ node }) => ({
    value: node.id,
    label: [node.name, node.department?.name].filter(Boolean).join(' · '),
  }));
  const offered = chosen && !found.some((one) => one.value === chosen.value) ? [chosen, ...found] : found;
  return (
    <Select
      className={classes.who}
      aria-label={label}
      placeholder={t('groups.choose')}
      data={offered}
      value={value || null}
      onChange={(next) => {
        setChosen(offered.find((one) => one.value === next) ?? null);
        choose(next);
      }}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={t('people.noneFits')}
      searchable
    />
  );
}
