import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { ImportDialog, type ImportInput } from '@/components/importing/ImportDialog';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';

const ImportPeopleDocument = graphql(`
  mutation ImportPeople($input: ImportPeopleInput!) {
    importPeople(input: $input) {
      created
      updated
      unchanged
      wrong
      done
      rows {
        line
        action
        name
        fields
        problem
      }
    }
  }
`);

const fieldNames = [
  'name',
  'department',
  'employeeNumber',
  'badge',
  'company',
  'email',
  'phone',
  'validUntil',
  'language',
] as const;

/** Adds and changes people from a file. */
export function PeopleImport({ close, imported }: { close(): void; imported(): void }) {
  const { t } = useTranslation();
  const [, importPeople] = useMutation(ImportPeopleDocument);
  const send = async ({ file, ...input }: ImportInput) => {
    const csv = 'csv' in file ? file.csv : '';
    const { data, error } = await importPeople({ input: { ...input, csv } });
    return { plan: data?.importPeople ?? null, failure: error ? failureOf(error) : null };
  };
  const fieldName = (field: string) => {
    const known = fieldNames.find((name) => name === field);
    return t(known ? `people.${known}` : 'people.externalNames');
  };
  return (
    <ImportDialog
      what="people"
      send={send}
      nameHeading={t('people.name')}
      fieldName={fieldName}
      close={close}
      imported={imported}
    />
  );
}
