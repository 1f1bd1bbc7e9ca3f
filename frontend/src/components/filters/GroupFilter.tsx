import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';

const KeyGroupsDocument = graphql(`
  query KeyGroups {
    keyGroups(first: 500) {
      edges {
        node {
          id
          name
          keyCount
        }
      }
    }
  }
`);

/** The groups of keys, by name. */
export function useKeyGroups() {
  const [{ data }] = useQuery({ query: KeyGroupsDocument });
  return data?.keyGroups.edges.map(({ node }) => node) ?? [];
}

interface FilterProps {
  value: string | undefined;
  change(value: string | undefined): void;
}

export function GroupFilter({ value, change }: FilterProps) {
  const { t } = useTranslation();
  const groups = useKeyGroups();
  return (
    <Select
      aria-label={t('filters.group')}
      placeholder={t('filters.allGroups')}
      data={groups.map(({ id, name }) => ({ value: id, label: name }))}
      value={value ?? null}
      onChange={(next) => change(next ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': t('filters.clear') }}
      searchable
      nothingFoundMessage={t('filters.noGroup')}
      w={170}
    />
  );
}
