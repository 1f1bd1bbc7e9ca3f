import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import { DeleteRingDocument, type Ring, SaveRingDocument } from './documents';
import classes from './Groups.module.css';
import { type KeyChoice, KeysField } from './KeysField';

interface RingFormProps {
  /** Null makes a new one. */
  ring: Ring | null;
  close(): void;
}

/** Makes a ring, changes one or takes it apart. */
export function RingForm({ ring, close }: RingFormProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [idempotencyKey] = useState(newId);
  const [name, setName] = useState(ring?.name ?? '');
  const [keys, setKeys] = useState<KeyChoice[]>(ring?.keys ?? []);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [saving, save] = useMutation(SaveRingDocument);
  const [deleting, remove] = useMutation(DeleteRingDocument);
  const nameless = name.trim() === '';
  const few = keys.length < 2;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (nameless || few || saving.fetching) return;
    setFailure(null);
    const answer = await save({
      input: {
        ...(ring && { id: ring.id, version: ring.version }),
        name: name.trim(),
        keys: keys.map(({ id }) => id),
        idempotencyKey,
      },
    });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('groups.ringSaved', { name: name.trim() }));
    close();
  };
  const takeApart = async (id: string) => {
    setFailure(null);
    const answer = await remove({ input: { id } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('groups.ringGone', { name: ring?.name }));
    close();
  };
  return (
    <Dialog
      opened
      close={close}
      title={ring ? t('groups.editRing', { name: ring.name }) : t('groups.addRing')}
    >
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label={t('groups.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={
            tried && nameless ? t('groups.ringNameMissing') : failure?.field === 'name' && failure.message
          }
          maxLength={120}
          required
          withAsterisk={false}
          data-autofocus
        />
        <KeysField value={keys} change={setKeys} error={tried && few ? t('groups.ringFew') : null} />
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          {ring && (
            <Button
              variant="default"
              color="red"
              loading={deleting.fetching}
              onClick={() => takeApart(ring.id)}
            >
              {t('groups.takeApart')}
            </Button>
          )}
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.fetching}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
