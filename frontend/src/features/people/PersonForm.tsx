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
import classes from './People.module.css';

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

const empty = {
  name: '',
  department: '',
  company: '',
  employeeNumber: '',
  badge: '',
  email: '',
  phone: '',
  validUntil: '',
  language: 'lv',
};
type FieldName = keyof typeof empty;

/** Adds somebody who may hold keys. He needs no account. */
export function PersonForm({ close }: { close(): void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey] = useState(newId);
  const [values, setValues] = useState(empty);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [tried, setTried] = useState(false);
  const [{ data }] = useQuery({ query: DepartmentsDocument });
  const [{ fetching }, create] = useMutation(CreatePersonDocument);
  const missing = values.name.trim() === '';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing || fetching) return;
    setFailure(null);
    const filled = Object.entries(values).map(([name, value]) => [name, value.trim() || null]);
    const answer = await create({ input: { ...Object.fromEntries(filled), idempotencyKey } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('people.added', { name: values.name.trim() }));
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

  return (
    <Dialog opened close={close} title={t('people.add')} size={520}>
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
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {t('people.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
