import { Autocomplete, Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation, useQuery } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import { ExternalNames, nameRows, namesOf } from './ExternalNames';
import classes from './People.module.css';
import type { PersonDetails } from './personQuery';

const DepartmentsDocument = graphql(`
  query Departments {
    departments {
      id
      name
    }
  }
`);

const CreatePersonDocument = graphql(`
  mutation CreatePerson($input: CreatePersonInput!) {
    createPerson(input: $input) {
      person {
        id
        ...PersonRow
      }
    }
  }
`);

const UpdatePersonDocument = graphql(`
  mutation UpdatePerson($input: UpdatePersonInput!) {
    updatePerson(input: $input) {
      person {
        id
        ...PersonRow
      }
    }
  }
`);

const valuesOf = (person: PersonDetails | undefined) => ({
  name: person?.name ?? '',
  department: person?.department?.name ?? '',
  company: person?.company ?? '',
  employeeNumber: person?.employeeNumber ?? '',
  badge: person?.badge ?? '',
  email: person?.email ?? '',
  phone: person?.phone ?? '',
  validUntil: person?.validUntil ?? '',
  language: person?.language ?? 'lv',
});
type FieldName = keyof ReturnType<typeof valuesOf>;

/** Adds somebody who may hold keys, who needs no account, or changes a person. */
export function PersonForm({ person, close }: { person?: PersonDetails; close(): void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey] = useState(newId);
  const [values, setValues] = useState(() => valuesOf(person));
  const [version] = useState(person?.version);
  const [names, setNames] = useState(() => nameRows(person?.externalNames ?? []));
  const [failure, setFailure] = useState<Failure | null>(null);
  const [tried, setTried] = useState(false);
  const [{ data }] = useQuery({ query: DepartmentsDocument });
  const [{ fetching: creating }, create] = useMutation(CreatePersonDocument);
  const [{ fetching: updating }, update] = useMutation(UpdatePersonDocument);
  const fetching = creating || updating;
  const missing = values.name.trim() === '';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing || fetching) return;
    setFailure(null);
    const { name, language, ...others } = values;
    const filled = Object.fromEntries(
      Object.entries(others).map(([field, value]) => [field, value.trim() || null]),
    );
    const input = { name: name.trim(), language, ...filled, externalNames: namesOf(names), idempotencyKey };
    const answer = person
      ? await update({ input: { ...input, id: person.id, version } })
      : await create({ input });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t(person ? 'people.changed' : 'people.added', { name: name.trim() }));
    close();
  };
  const field = (name: FieldName) => ({
    label: t(`people.${name}`),
    value: values[name],
    onChange: (event: FormEvent<HTMLInputElement>) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
    error: failure?.field === name ? failure.message : null,
    maxLength: 200,
    autoComplete: 'off',
  });
  const external = failure?.field?.startsWith('externalNames') ? failure.message : null;

  return (
    <Dialog opened close={close} title={person ? t('people.edit') : t('people.add')} size={560}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          {...field('name')}
          required
          withAsterisk={false}
          error={tried && missing ? t('people.nameMissing') : field('name').error}
          data-autofocus
        />
        <div className={classes.pair}>
          <Autocomplete
            {...field('department')}
            data={data?.departments.map(({ name }) => name) ?? []}
            onChange={(department) => setValues({ ...values, department })}
          />
          <TextInput {...field('company')} />
        </div>
        <div className={classes.pair}>
          <TextInput {...field('employeeNumber')} />
          <TextInput {...field('badge')} />
        </div>
        <div className={classes.pair}>
          <TextInput {...field('email')} type="email" />
          <TextInput {...field('phone')} type="tel" />
        </div>
        <div className={classes.pair}>
          <TextInput {...field('validUntil')} type="date" />
          <NativeSelect
            label={t('people.language')}
            value={values.language}
            onChange={(event) => setValues({ ...values, language: event.currentTarget.value })}
            data={[
              { value: 'lv', label: t('languages.lv') },
              { value: 'en', label: t('languages.en') },
            ]}
          />
        </div>
        <ExternalNames rows={names} change={setNames} error={external} />
        {failure && !external && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {person ? t('common.save') : t('people.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
