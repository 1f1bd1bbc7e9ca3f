import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';

const BuildingsDocument = graphql(`
  query Buildings {
    keys(first: 500) {
      edges {
        node {
          id
          building
        }
      }
    }
  }
`);

/** The buildings that keys open, as written on the first 500 keys. */
export function useBuildings(): string[] {
  const [{ data }] = useQuery({ query: BuildingsDocument, requestPolicy: 'cache-first' });
  return useMemo(() => {
    const names = data?.keys.edges.map(({ node }) => node.building).filter((name) => name !== '');
    return [...new Set(names)].sort((a, b) => a.localeCompare(b));
  }, [data]);
}

interface FilterProps {
  value: string | undefined;
  change(value: string | undefined): void;
}

export function BuildingFilter({ value, change }: FilterProps) {
  const { t } = useTranslation();
  const buildings = useBuildings();
  const offered = value && !buildings.includes(value) ? [value, ...buildings] : buildings;
  return (
    <Select
      aria-label={t('filters.building')}
      placeholder={t('filters.allBuildings')}
      data={offered}
      value={value ?? null}
      onChange={(next) => change(next ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': t('filters.clear') }}
      w={170}
    />
  );
}
