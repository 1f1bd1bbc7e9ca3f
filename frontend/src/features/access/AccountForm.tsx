import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation, useQuery } from 'urql';
import { Dialog } from '@/components/Dialog';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { useRecentPassword } from '@/components/RecentPassword';
import { useRoleNames } from '@/components/roleNames';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Access.module.css';
import { OneTimeLink } from './OneTimeLink';
import { RolesDocument } from './rolesQuery';

const AccountPeopleDocument = graphql(`
  query AccountPeople($search: String!) {
    people(search: $search, first: 8) {
      edges {
        node {
          id
          name
          department {
            id
            name
          }
        }
      }
    }
  }
`);

const CreateAccountDocument = graphql(`
  mutation CreateAccount($input: CreateAccountInput!) {
    createAccount(input: $input) {
      setupLink
      account {
        id
        ...AccountRow
      }
    }
  }
`);

interface AccountFormProps {
  close(): void;
  created(): void;
}

/** Gives a person an account, and shows the link with which he sets his password. */
export function AccountForm({ close, created }: AccountFormProps) {
  const { t } = useTranslation();
  const roleName = useRoleNames();
  const recent = useRecentPassword();
  const [person, setPerson] = useState<{ id: string; name: string } | null>(null);
  const [search, setSearch] = useState('');
  const [username, setUsername] = useState('');
  const [roles, setRoles] = useState<string[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const [{ data: found }] = useQuery({ query: AccountPeopleDocument, variables: { search } });
  const [{ data: matrix }] = useQuery({ query: RolesDocument });
  const [{ fetching }, create] = useMutation(CreateAccountDocument);
  const people = found?.people.edges.map(({ node }) => node) ?? [];

  const send = async () => {
    if (!person || username.trim() === '' || fetching) return;
    setFailure(null);
    const answer = await create({ input: { person: person.id, username: username.trim(), roles } });
    if (answer.error) {
      const failed = failureOf(answer.error);
      if (!recent.asks(failed, () => void send())) setFailure(failed);
      return;
    }
    created();
    setLink(answer.data?.createAccount.setupLink ?? null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };

  if (link && person) return <OneTimeLink path={link} name={person.name} close={close} />;
  const options = people.map(({ id, name, department }) => ({
    value: id,
    label: department ? `${name} · ${department.name}` : name,
  }));
  return (
    <Dialog opened close={close} title={t('access.create')} size={520}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <Select
          label={t('access.person')}
          placeholder={t('access.personHint')}
          data={options}
          searchable
          filter={({ options: all }) => all}
          nothingFoundMessage={t('access.nobody')}
          value={person?.id ?? null}
          onSearchChange={setSearch}
          onChange={(id) => setPerson(people.find((each) => each.id === id) ?? null)}
          error={failure?.field === 'person' ? failure.message : null}
          required
          withAsterisk={false}
          data-autofocus
        />
        <TextInput
          label={t('access.username')}
          description={t('access.usernameRule')}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          error={failure?.field === 'username' ? failure.message : null}
          maxLength={64}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
        />
        <Checkbox.Group label={t('access.roles')} value={roles} onChange={setRoles}>
          <div className={classes.roles}>
            {matrix?.roles
              .filter(({ assignable }) => assignable)
              .map(({ name }) => (
                <Checkbox key={name} value={name} label={roleName(name)} />
              ))}
          </div>
        </Checkbox.Group>
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching} disabled={!person || username.trim() === ''}>
            {t('access.create')}
          </Button>
        </div>
      </form>
      {recent.dialog}
    </Dialog>
  );
}
