import { Select, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeyKind } from '@/gql/graphql';
import type { Failure } from '@/lib/graphql/failure';
import classes from './DeskForm.module.css';
import { choiceOf, type KeyChoice, useKeyChoices } from './groups/KeysField';

/** What a key is kept for. */
export interface KeyRole {
  kind: KeyKind;
  /** The key that it was cut from. */
  copyOf: KeyChoice | null;
  approvalRequired: boolean;
}

const kinds: readonly KeyKind[] = ['STANDARD', 'SPARE', 'MASTER'];

interface KeyRoleFieldsProps {
  value: KeyRole;
  change(role: KeyRole): void;
  /** The key itself, of which it is no copy. */
  self: string | undefined;
  failure: Failure | null;
}

export function KeyRoleFields({ value, change, self, failure }: KeyRoleFieldsProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const chosen = value.copyOf;
  const { found } = useKeyChoices(chosen && typed === choiceOf(chosen).label ? '' : typed);
  const offered = [
    ...new Map([...(chosen ? [chosen] : []), ...found].map((key) => [key.id, key])).values(),
  ].filter(({ id }) => id !== self);
  return (
    <>
      <div className={classes.pair}>
        <Select
          label={t('keys.fields.kind')}
          data={kinds.map((kind) => ({ value: kind, label: t(`keys.kinds.${kind}`) }))}
          value={value.kind}
          onChange={(kind) => change({ ...value, kind: kind as KeyKind })}
          allowDeselect={false}
        />
        <Select
          label={t('keys.fields.copyOf')}
          placeholder={t('keys.noCopy')}
          data={offered.map(choiceOf)}
          value={chosen?.id ?? null}
          onChange={(id) => change({ ...value, copyOf: offered.find((key) => key.id === id) ?? null })}
          searchValue={typed}
          onSearchChange={setTyped}
          filter={({ options }) => options}
          nothingFoundMessage={t('keys.noneFits')}
          error={failure?.field === 'copyOf' ? failure.message : null}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('filters.clear') }}
        />
      </div>
      <Switch
        label={t('keys.approvalRequired')}
        checked={value.approvalRequired}
        onChange={(event) => change({ ...value, approvalRequired: event.currentTarget.checked })}
      />
    </>
  );
}
