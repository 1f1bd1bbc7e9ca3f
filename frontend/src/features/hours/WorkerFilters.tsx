import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';

const WorkersDocument = graphql(`
  query HoursPeople($search: String) {
    people(search: $search, first: 20) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`);

const WorkerDocument = graphql(`
  query HoursPerson($id: ID!) {
    person(id: $id) {
      id
      name
    }
  }
`);

const WorkDepartmentsDocument = graphql(`
  query HoursDepartments {
    departments {
      id
      name
    }
  }
`);

interface FilterProps {
  value: string | undefined;
  change(value: string | undefined): void;
}

interface PersonFilterProps {
  value: string | undefined;
  change(id: string | undefined, name: string): void;
  /** Stands above the field and says what is wrong with it. */
  label?: string;
  error?: string | null;
}

/** Finds one person; the server searches. */
export function PersonFilter({ value, change, label, error }: PersonFilterProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [{ data: chosen }] = useQuery({
    query: WorkerDocument,
    variables: { id: value ?? '' },
    pause: !value,
  });
  const name = value ? chosen?.person?.name : undefined;
  const [search] = useDebouncedValue(typed === name ? '' : typed.trim(), 150);
  const [{ data }] = useQuery({ query: WorkersDocument, variables: { search: search || null } });
  const found = (data?.people.edges ?? []).map(({ node }) => ({ value: node.id, label: node.name }));
  const missing = value !== undefined && !found.some((one) => one.value === value);
  return (
    <Select
      label={label}
      aria-label={label ? undefined : t('hours.person')}
      error={error}
      placeholder={t('hours.person')}
      data={missing ? [{ value, label: name ?? '…' }, ...found] : found}
      value={value ?? null}
      onChange={(next, option) => change(next ?? undefined, option?.label ?? '')}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={t('hours.nobodyFound')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('filters.clear') }}
      w={label ? undefined : 190}
    />
  );
}

/** Narrows to whoever belongs to a department by now. */
export function DepartmentFilter({ value, change }: FilterProps) {
  const { t } = useTranslation();
  const [{ data }] = useQuery({ query: WorkDepartmentsDocument });
  return (
    <Select
      aria-label={t('hours.department')}
      placeholder={t('hours.allDepartments')}
      data={(data?.departments ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      value={value ?? null}
      onChange={(next) => change(next ?? undefined)}
      nothingFoundMessage={t('hours.noDepartment')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('filters.clear') }}
      w={190}
    />
  );
}
