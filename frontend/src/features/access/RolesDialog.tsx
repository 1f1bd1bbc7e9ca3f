import { Button, Checkbox, Skeleton } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation, useQuery } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { useRecentPassword } from '@/components/RecentPassword';
import { useRoleNames } from '@/components/roleNames';
import { graphql } from '@/gql';
import type { PersonAccessQuery } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Access.module.css';
import { RolesDocument } from './rolesQuery';

const PersonAccessDocument = graphql(`
  query PersonAccess($person: ID!) {
    access(person: $person) {
      roles
      allowed {
        permission
        scope
        because {
          role
          scope
        }
      }
    }
  }
`);

const SetRolesDocument = graphql(`
  mutation SetRoles($input: SetRolesInput!) {
    setRoles(input: $input) {
      access {
        roles
      }
    }
  }
`);

interface RolesDialogProps {
  person: { id: string; name: string };
  isOwn: boolean;
  close(): void;
  changed(): void;
}

/** A person's roles, and what he may do because of them. */
export function RolesDialog({ person, isOwn, close, changed }: RolesDialogProps) {
  const { t } = useTranslation();
  const [{ data, error }] = useQuery({
    query: PersonAccessDocument,
    variables: { person: person.id },
    requestPolicy: 'network-only',
  });
  return (
    <Dialog opened close={close} title={t('access.rolesOf', { name: person.name })} size={520}>
      {error && <FailureNotice failure={failureOf(error)} />}
      {!data && !error && <Skeleton height={320} />}
      {data && (
        <RolesForm person={person} access={data.access} isOwn={isOwn} close={close} changed={changed} />
      )}
    </Dialog>
  );
}

function RolesForm({ person, access, isOwn, close, changed }: RolesDialogProps & PersonAccessQuery) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const roleName = useRoleNames();
  const recent = useRecentPassword();
  const [roles, setRoles] = useState<string[]>(access.roles);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ data: matrix }] = useQuery({ query: RolesDocument });
  const [{ fetching }, save] = useMutation(SetRolesDocument);
  const offered = matrix?.roles.filter(({ name, assignable }) => assignable || access.roles.includes(name));

  const send = async () => {
    if (fetching) return;
    setFailure(null);
    const answer = await save({ input: { person: person.id, roles } });
    if (answer.error) {
      const failed = failureOf(answer.error);
      if (!recent.asks(failed, () => void send())) setFailure(failed);
      return;
    }
    announce(t('access.rolesSaved', { name: person.name }));
    changed();
    close();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <p className={classes.note}>{isOwn ? t('access.ownRoles') : t('access.rolesExplained')}</p>
      <Checkbox.Group label={t('access.roles')} value={roles} onChange={setRoles}>
        <div className={classes.roles}>
          {offered?.map(({ name }) => (
            <Checkbox
              key={name}
              value={name}
              label={roleName(name)}
              disabled={isOwn && !access.roles.includes(name)}
            />
          ))}
        </div>
      </Checkbox.Group>
      <h3>{t('access.mayNow')}</h3>
      {access.allowed.length === 0 && <p className={classes.note}>{t('access.mayNothing')}</p>}
      {access.allowed.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <ul className={classes.why} tabIndex={0} aria-label={t('access.mayNow')}>
          {access.allowed.map(({ permission, because }) => (
            <li key={permission}>
              {t(`permissions.${permission}`)}
              <span>
                {because
                  .map(({ role, scope }) =>
                    t('access.because', { scope: t(`scopes.${scope}`), role: roleName(role) }),
                  )
                  .join('; ')}
              </span>
            </li>
          ))}
        </ul>
      )}
      {failure && <FailureNotice failure={failure} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={fetching}>
          {t('common.save')}
        </Button>
      </div>
      {recent.dialog}
    </form>
  );
}
