import { Button, MultiSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { useKeyGroups } from '@/components/filters/GroupFilter';
import { type FragmentType, graphql, unmask } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import classes from './DeskForm.module.css';
import { type KeyRole, KeyRoleFields } from './KeyRoleFields';

export const EditableKeyFragment = graphql(`
  fragment EditableKey on Key {
    id
    number
    label
    category
    building
    floor
    room
    cabinet
    hook
    kind
    approvalRequired
    copyOf {
      id
      number
      label
    }
    version
  }
`);

const CreateKeyDocument = graphql(`
  mutation CreateKey($input: CreateKeyInput!) {
    createKey(input: $input) {
      key {
        id
        ...KeyLive
      }
    }
  }
`);

const UpdateKeyDocument = graphql(`
  mutation UpdateKey($input: UpdateKeyInput!) {
    updateKey(input: $input) {
      key {
        id
        ...KeyLive
      }
    }
  }
`);

const longest = {
  number: 64,
  label: 200,
  category: 200,
  building: 200,
  floor: 200,
  room: 200,
  cabinet: 200,
  hook: 200,
} as const;
type FieldName = keyof typeof longest;
const pairs: [FieldName, FieldName][] = [
  ['category', 'building'],
  ['floor', 'room'],
  ['cabinet', 'hook'],
];

interface KeyFormProps {
  /** The key to change; absent for a new one. */
  existing?: FragmentType<typeof EditableKeyFragment>;
  close(): void;
}

/** Adds a key or changes one. */
export function KeyForm({ existing, close }: KeyFormProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const former = unmask(EditableKeyFragment, existing);
  const [idempotencyKey] = useState(newId);
  const [values, setValues] = useState(() => valuesOf(former));
  const [role, setRole] = useState<KeyRole>(() => ({
    kind: former?.kind ?? 'STANDARD',
    copyOf: former?.copyOf ?? null,
    approvalRequired: former?.approvalRequired ?? false,
  }));
  const [groups, setGroups] = useState<string[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [tried, setTried] = useState(false);
  const [creating, create] = useMutation(CreateKeyDocument);
  const [updating, update] = useMutation(UpdateKeyDocument);
  const offeredGroups = useKeyGroups();
  const missing = values.number.trim() === '';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing) return;
    setFailure(null);
    const what = { ...values, ...role, copyOf: role.copyOf?.id ?? null };
    const answer = former
      ? await update({ input: { ...what, id: former.id, version: former.version, idempotencyKey } })
      : await create({ input: { ...what, groups, idempotencyKey } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t(former ? 'keys.changed' : 'keys.added', { number: values.number }));
    close();
  };
  const field = (name: FieldName) => ({
    label: t(`keys.fields.${name}`),
    value: values[name],
    onChange: (event: FormEvent<HTMLInputElement>) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
    maxLength: longest[name],
    error: failure?.field === name ? failure.message : null,
    autoComplete: 'off',
  });

  return (
    <Dialog
      opened
      close={close}
      title={former ? t('keys.editTitle', { number: former.number }) : t('keys.add')}
      size={520}
    >
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          {...field('number')}
          required
          withAsterisk={false}
          error={tried && missing ? t('keys.numberMissing') : field('number').error}
          data-autofocus
        />
        <TextInput {...field('label')} />
        {pairs.map(([left, right]) => (
          <div className={classes.pair} key={left}>
            <TextInput {...field(left)} />
            <TextInput {...field(right)} />
          </div>
        ))}
        <KeyRoleFields value={role} change={setRole} self={former?.id} failure={failure} />
        {!former && offeredGroups.length > 0 && (
          <MultiSelect
            label={t('keys.fields.groups')}
            data={offeredGroups.map(({ id, name }) => ({ value: id, label: name }))}
            value={groups}
            onChange={setGroups}
            searchable
            clearable
          />
        )}
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={creating.fetching || updating.fetching}>
            {former ? t('common.save') : t('keys.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function valuesOf(key: Partial<Record<FieldName, string>> | null | undefined): Record<FieldName, string> {
  const names = Object.keys(longest) as FieldName[];
  return Object.fromEntries(names.map((name) => [name, key?.[name] ?? ''])) as Record<FieldName, string>;
}
