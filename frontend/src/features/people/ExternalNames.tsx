import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { newId } from '@/lib/uuid';
import classes from './People.module.css';

export interface NameRow {
  key: string;
  source: string;
  name: string;
}

const mostNames = 10;

export const nameRows = (names: readonly { source: string; name: string }[]): NameRow[] =>
  names.map(({ source, name }) => ({ key: newId(), source, name }));

/** What rows say, without those that were left empty. */
export const namesOf = (rows: readonly NameRow[]) =>
  rows
    .map(({ source, name }) => ({ source: source.trim().toLowerCase(), name: name.trim() }))
    .filter(({ source, name }) => source !== '' || name !== '');

interface ExternalNamesProps {
  rows: NameRow[];
  change(rows: NameRow[]): void;
  error: string | null;
}

/** What other programs call a person: a row for each, with the program and the name. */
export function ExternalNames({ rows, change, error }: ExternalNamesProps) {
  const { t } = useTranslation();
  const put = (key: string, part: Partial<NameRow>) =>
    change(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  return (
    <fieldset className={classes.names}>
      <legend>{t('people.externalNames')}</legend>
      <p className={classes.hint}>{t('people.externalNamesHint')}</p>
      {rows.map((row, index) => (
        <div className={classes.nameRow} key={row.key}>
          <TextInput
            aria-label={t('people.externalSource', { number: index + 1 })}
            placeholder={t('people.externalSourceHint')}
            value={row.source}
            onChange={(event) => put(row.key, { source: event.currentTarget.value })}
            maxLength={64}
            autoComplete="off"
          />
          <TextInput
            aria-label={t('people.externalName', { number: index + 1 })}
            placeholder={t('people.externalNameHint')}
            value={row.name}
            onChange={(event) => put(row.key, { name: event.currentTarget.value })}
            maxLength={128}
            autoComplete="off"
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={t('people.removeExternal', { number: index + 1 })}
            onClick={() => change(rows.filter((other) => other.key !== row.key))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      {error && (
        <p className={classes.wrong} role="alert">
          {error}
        </p>
      )}
      {rows.length < mostNames && (
        <Button
          variant="subtle"
          leftSection={<IconPlus size={16} />}
          onClick={() => change([...rows, { key: newId(), source: '', name: '' }])}
        >
          {t('people.addExternal')}
        </Button>
      )}
    </fieldset>
  );
}
