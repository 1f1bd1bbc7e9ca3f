import { Button, Select, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation, useQuery } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Privacy.module.css';

const ErasePersonDocument = graphql(`
  mutation ErasePerson($input: ErasePersonInput!) {
    erasePerson(input: $input) {
      request {
        id
        ...PrivacyRequestCard
      }
    }
  }
`);

const ErasableDocument = graphql(`
  query Erasable($search: String, $person: ID!, $named: Boolean!) {
    people(search: $search, first: 20) {
      edges {
        node {
          id
          name
          badge
        }
      }
    }
    person(id: $person) @include(if: $named) {
      id
      name
      badge
    }
  }
`);

interface AskDialogProps {
  /** Whom it is about; null leaves the choice. */
  person: string | null;
  close(): void;
  done(): void;
}

/** Asks that a person be erased, with the reason. */
export function AskDialog({ person, close, done }: AskDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [chosen, choose] = useState(person);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.split(' · ')[0]?.trim() ?? '', 150);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, erase] = useMutation(ErasePersonDocument);
  const [{ data }] = useQuery({
    query: ErasableDocument,
    variables: { search: search || null, person: chosen ?? '', named: chosen !== null },
  });
  const offered = new Map(
    [data?.person, ...(data?.people.edges ?? []).map(({ node }) => node)]
      .filter((one) => one !== null && one !== undefined)
      .map((one) => [one.id, [one.name, one.badge].filter(Boolean).join(' · ')]),
  );

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (chosen === null || reason.trim() === '' || fetching) return;
    setFailure(null);
    const answer = await erase({ input: { person: chosen, reason: reason.trim() } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('privacy.asked', { name: answer.data?.erasePerson.request.id ? offered.get(chosen) : '' }));
    done();
    close();
  };
  return (
    <Dialog opened close={close} title={t('privacy.ask')} size={560}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <p>{t('privacy.askExplained')}</p>
        <Select
          label={t('privacy.person')}
          placeholder={t('people.search')}
          data={[...offered].map(([value, label]) => ({ value, label }))}
          filter={({ options }) => options}
          value={chosen}
          onChange={choose}
          searchable
          onSearchChange={setTyped}
          nothingFoundMessage={t('access.nobody')}
          error={tried && chosen === null ? t('privacy.personMissing') : null}
          data-autofocus
        />
        <Textarea
          label={t('privacy.reason')}
          description={t('privacy.reasonExplained')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={
            failure?.field === 'reason'
              ? failure.message
              : tried && reason.trim() === ''
                ? t('privacy.reasonMissing')
                : null
          }
          maxLength={500}
          autosize
          minRows={2}
          required
          withAsterisk={false}
        />
        {failure && failure.field !== 'reason' && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {t('privacy.askFor')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
