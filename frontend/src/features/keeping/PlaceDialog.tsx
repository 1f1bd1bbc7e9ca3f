import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { type Holder, HolderField } from '@/components/holder/HolderField';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Keeping.module.css';

const PlaceDocument = graphql(`
  mutation PlaceLegalHold($input: PlaceLegalHoldInput!) {
    placeLegalHold(input: $input) {
      hold {
        id
      }
    }
  }
`);

/** Puts somebody under hold. */
export function PlaceDialog({ close }: { close(): void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [person, setPerson] = useState<Holder | null>(null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, place] = useMutation(PlaceDocument);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    setFailure(null);
    if (!person || !reason.trim()) return;
    const answer = await place({ input: { person: person.id, reason } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('keeping.placed', { name: person.name }));
    close();
  };
  return (
    <Dialog opened close={close} title={t('keeping.place')}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <p>{t('keeping.placeExplained')}</p>
        <HolderField
          label={t('keeping.person')}
          value={person}
          change={setPerson}
          error={tried && !person ? t('keeping.personMissing') : null}
        />
        <Textarea
          label={t('keeping.reason')}
          description={t('keeping.reasonExplained')}
          maxLength={500}
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tried && !reason.trim() ? t('keeping.reasonMissing') : null}
        />
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {t('keeping.placeConfirm')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
