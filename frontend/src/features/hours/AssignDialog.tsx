import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf, unanswered } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import classes from './Hours.module.css';
import { useRecompute } from './useRecompute';
import { PersonFilter } from './WorkerFilters';

const NamesDocument = graphql(`
  query WorkerNames($id: ID!) {
    person(id: $id) {
      id
      version
      externalNames {
        source
        name
      }
    }
  }
`);

const NameDocument = graphql(`
  mutation NameWorker($input: UpdatePersonInput!) {
    updatePerson(input: $input) {
      person {
        id
        version
      }
    }
  }
`);

/** A user as a program names him. */
export interface NamedUser {
  source: string;
  user: string;
}

interface AssignDialogProps {
  named: NamedUser;
  close(): void;
  done(): void;
}

/** Says whom a program means: the name becomes one of the person's external names, and his reports become the person's. */
export function AssignDialog({ named, close, done }: AssignDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const client = useClient();
  const { may, recompute } = useRecompute();
  const [idempotencyKey] = useState(newId);
  const [person, setPerson] = useState<{ id: string; name: string } | null>(null);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Failure>();
  const [, rename] = useMutation(NameDocument);

  const assign = async (id: string): Promise<Failure | undefined> => {
    const asked = await client.query(NamesDocument, { id }, { requestPolicy: 'network-only' }).toPromise();
    const known = asked.data?.person;
    if (!known) return asked.error ? failureOf(asked.error) : unanswered(t('hours.nobodyFound'));
    const names = known.externalNames.map(({ source, name }) => ({ source, name }));
    const externalNames = [...names, { source: named.source, name: named.user }];
    const { error } = await rename({ input: { id, version: known.version, externalNames, idempotencyKey } });
    const problem = error ?? (may ? await recompute() : undefined);
    return problem && failureOf(problem);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!person || busy) return;
    setBusy(true);
    const failure = await assign(person.id);
    setBusy(false);
    setFailed(failure);
    if (failure) return;
    announce(t('hours.unknown.assigned', { user: named.user, name: person.name }));
    done();
  };
  return (
    <Dialog opened close={close} title={t('hours.unknown.assignUser', { user: named.user })}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <p>{t('hours.unknown.assignExplained', { source: named.source })}</p>
        <PersonFilter
          label={t('hours.person')}
          value={person?.id}
          change={(id, name) => setPerson(id ? { id, name } : null)}
          error={tried && !person ? t('hours.unknown.choose') : null}
        />
        {failed && <FailureNotice failure={failed} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('hours.unknown.assign')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
