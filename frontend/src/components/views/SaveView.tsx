import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import type { ViewedList } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { Dialog } from '../Dialog';
import { useAnnounce } from '../feedback/announce';
import { FailureNotice } from '../feedback/FailureNotice';
import classes from './Views.module.css';
import { SaveViewDocument } from './viewsQuery';

interface SaveViewProps {
  list: ViewedList;
  search: string;
  /** What the present filter is called already, if it is. */
  name: string;
  close(): void;
}

/** Keeps the present filter under a name; the name of another view replaces that one. */
export function SaveView({ list, search, name: former, close }: SaveViewProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [name, setName] = useState(former);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, save] = useMutation(SaveViewDocument);
  const submit = async () => {
    setFailure(null);
    const answer = await save({ input: { list, search, name } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('savedViews.saved', { name: answer.data?.saveView.view.name ?? name }));
    close();
  };
  return (
    <Dialog opened close={close} title={t('savedViews.saveThis')}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextInput
          label={t('savedViews.name')}
          description={t('savedViews.nameHint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
          required
          data-autofocus
        />
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
