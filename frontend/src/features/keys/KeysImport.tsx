import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { ImportDialog, type ImportInput } from '@/components/importing/ImportDialog';
import { graphql } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';

const ImportKeysDocument = graphql(`
  mutation ImportKeys($input: ImportKeysInput!) {
    importKeys(input: $input) {
      created
      updated
      unchanged
      wrong
      done
      rows {
        line
        action
        number
        fields
        problem
      }
    }
  }
`);

const fieldNames = ['number', 'label', 'category', 'building', 'floor', 'room', 'cabinet', 'hook'] as const;

/** Adds and changes keys from a file. */
export function KeysImport({ close, imported }: { close(): void; imported(): void }) {
  const { t } = useTranslation();
  const [, importKeys] = useMutation(ImportKeysDocument);
  const send = async ({ file, ...input }: ImportInput) => {
    const { data, error } = await importKeys({ input: { ...file, ...input } });
    const found = data?.importKeys;
    const rows = found?.rows.map(({ number, ...row }) => ({ ...row, name: number })) ?? [];
    return { plan: found ? { ...found, rows } : null, failure: error ? failureOf(error) : null };
  };
  const fieldName = (field: string) => {
    const known = fieldNames.find((name) => name === field);
    return known ? t(`keys.fields.${known}`) : field;
  };
  return (
    <ImportDialog
      what="keys"
      workbooks
      send={send}
      nameHeading={t('keys.fields.number')}
      fieldName={fieldName}
      close={close}
      imported={imported}
    />
  );
}
