import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation, useQuery } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import { type Group, SaveGroupDocument } from './documents';
import classes from './Groups.module.css';
import { type KeyChoice, KeysField } from './KeysField';
import { LoanField } from './LoanField';
import { acceptable, draftOf, type GroupDraft, inputOf, problemsOf } from './rules';
import { TakersField } from './TakersField';

const GroupKeysDocument = graphql(`
  query GroupKeys($group: ID!) {
    keys(filter: { group: $group }, first: 200) {
      edges {
        node {
          id
          number
          label
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);

interface GroupFormProps {
  /** Null makes a new one. */
  group: Group | null;
  close(): void;
}

/** Makes a group or changes one: its keys, and the rules under which they go out. */
export function GroupForm({ group, close }: GroupFormProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey] = useState(newId);
  const [draft, setDraft] = useState(() => draftOf(group));
  const [keys, setKeys] = useState<KeyChoice[] | null>(group ? null : []);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, save] = useMutation(SaveGroupDocument);
  const stored = useGroupKeys(group);
  const problems = tried ? problemsOf(draft) : null;
  const change = (next: Partial<GroupDraft>) => setDraft({ ...draft, ...next });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!acceptable(problemsOf(draft)) || fetching) return;
    setFailure(null);
    const answer = await save({
      input: {
        ...inputOf(draft),
        ...(group && { id: group.id, version: group.version }),
        ...(keys && { keys: keys.map(({ id }) => id) }),
        idempotencyKey,
      },
    });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('groups.saved', { name: draft.name.trim() }));
    close();
  };
  return (
    <Dialog
      opened
      close={close}
      title={group ? t('groups.editTitle', { name: group.name }) : t('groups.add')}
      size={600}
    >
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label={t('groups.name')}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={problems?.name ? t('groups.nameMissing') : failure?.field === 'name' && failure.message}
          maxLength={120}
          required
          withAsterisk={false}
          data-autofocus
        />
        {stored.tooMany ? (
          <p className={classes.hint}>{t('groups.tooManyKeys')}</p>
        ) : (
          <KeysField
            value={keys ?? stored.keys}
            change={setKeys}
            error={failure?.field === 'keys' ? failure.message : null}
          />
        )}
        <TakersField
          takers={draft.takers}
          change={(takers) => change({ takers })}
          names={namesOf(group)}
          problems={problems?.takers ?? new Set()}
        />
        <LoanField draft={draft} change={change} problems={problems} />
        <TextInput
          type="time"
          label={t('groups.curfew')}
          description={t('groups.curfewExplained')}
          value={draft.curfew}
          onChange={(event) => change({ curfew: event.currentTarget.value })}
        />
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching || stored.loading}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The keys of a group, unless they are too many to be chosen one by one. */
function useGroupKeys(group: Group | null): { keys: KeyChoice[]; tooMany: boolean; loading: boolean } {
  const [{ data, fetching }] = useQuery({
    query: GroupKeysDocument,
    variables: { group: group?.id ?? '' },
    pause: group === null,
    requestPolicy: 'network-only',
  });
  return {
    keys: data?.keys.edges.map(({ node }) => node) ?? [],
    tooMany: data?.keys.pageInfo.hasNextPage ?? false,
    loading: fetching && !data,
  };
}

function namesOf(group: Group | null): ReadonlyMap<string, string> {
  return new Map(
    (group?.takers ?? []).flatMap(({ person }) => (person ? [[person.id, person.name] as const] : [])),
  );
}
