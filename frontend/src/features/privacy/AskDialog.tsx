import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation, useQuery } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { type Holder, HolderField } from '@/components/holder/HolderField';
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

const NamedPersonDocument = graphql(`
  query NamedPerson($person: ID!) {
    person(id: $person) {
      id
      name
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
  const [chosen, choose] = useState<Holder | null>(null);
  const [{ data }] = useQuery({
    query: NamedPersonDocument,
    variables: { person: person ?? '' },
    pause: person === null,
  });
  const whom = chosen ?? data?.person ?? null;
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, erase] = useMutation(ErasePersonDocument);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (whom === null || reason.trim() === '' || fetching) return;
    setFailure(null);
    const answer = await erase({ input: { person: whom.id, reason: reason.trim() } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('privacy.asked', { name: whom.name }));
    done();
    close();
  };
  return (
    <Dialog opened close={close} title={t('privacy.ask')} size={560}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <p>{t('privacy.askExplained')}</p>
        {person !== null && data?.person ? (
          <p>
            <strong>{data.person.name}</strong>
          </p>
        ) : (
          <HolderField
            label={t('privacy.person')}
            placeholder={t('people.search')}
            recentFirst={false}
            value={chosen}
            change={choose}
            error={tried && whom === null ? t('privacy.personMissing') : null}
          />
        )}
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
