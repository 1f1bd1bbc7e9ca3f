import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';

const CandidatesDocument = graphql(`
  query MergeCandidates($search: String) {
    people(search: $search, first: 20) {
      edges {
        node {
          id
          name
          badge
          company
          employeeNumber
          department {
            id
            name
          }
        }
      }
    }
  }
`);

interface PersonPickerProps {
  /** Who cannot be chosen. */
  except: string;
  value: string | null;
  choose(id: string | null): void;
  error: string | null;
}

/** Finds a person; the server searches. */
export function PersonPicker({ except, value, choose, error }: PersonPickerProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const [search] = useDebouncedValue(typed === chosen?.label ? '' : typed.trim(), 150);
  const [{ data }] = useQuery({ query: CandidatesDocument, variables: { search: search || null } });
  const found = (data?.people.edges ?? [])
    .filter(({ node }) => node.id !== except)
    .map(({ node }) => ({
      value: node.id,
      label: [node.name, node.department?.name ?? node.company, node.employeeNumber ?? node.badge]
        .filter(Boolean)
        .join(' · '),
    }));
  const offered = chosen && !found.some((one) => one.value === chosen.value) ? [chosen, ...found] : found;
  return (
    <Select
      label={t('people.merge.other')}
      placeholder={t('people.search')}
      data={offered}
      value={value}
      onChange={(next) => {
        setChosen(offered.find((one) => one.value === next) ?? null);
        choose(next);
      }}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={t('people.noneFits')}
      searchable
      error={error}
      data-autofocus
    />
  );
}
