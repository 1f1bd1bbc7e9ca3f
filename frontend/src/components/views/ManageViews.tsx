import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import type { SavedViewsQuery } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { Dialog } from '../Dialog';
import { useAnnounce } from '../feedback/announce';
import { FailureNotice } from '../feedback/FailureNotice';
import classes from './Views.module.css';
import { DeleteViewDocument, SaveViewDocument } from './viewsQuery';

type View = SavedViewsQuery['savedViews'][number];

interface ManageViewsProps {
  views: readonly View[];
  close(): void;
}

/** Gives views other names, and deletes them. */
export function ManageViews({ views, close }: ManageViewsProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened close={close} title={t('savedViews.manage')}>
      {views.length === 0 && <p>{t('savedViews.none')}</p>}
      <ul className={classes.views} aria-label={t('savedViews.open')}>
        {views.map((view) => (
          <ViewRow key={view.id} view={view} />
        ))}
      </ul>
    </Dialog>
  );
}

function ViewRow({ view: { id, list, name: former, search } }: { view: View }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [name, setName] = useState(former);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching: saving }, save] = useMutation(SaveViewDocument);
  const [{ fetching: deleting }, remove] = useMutation(DeleteViewDocument);
  const renamed = name.trim() !== '' && name.trim() !== former;
  const rename = async () => {
    setFailure(null);
    const answer = await save({ input: { id, list, name, search } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('savedViews.saved', { name: name.trim() }));
  };
  const forget = async () => {
    setFailure(null);
    const answer = await remove({ input: { id } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('savedViews.deleted', { name: former }));
  };
  return (
    <li>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (renamed) void rename();
        }}
      >
        <TextInput
          aria-label={t('savedViews.nameOf', { name: former })}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
        />
        <Button type="submit" variant="default" disabled={!renamed} loading={saving}>
          {t('savedViews.rename')}
        </Button>
        <Button
          variant="subtle"
          color="red"
          onClick={forget}
          loading={deleting}
          aria-label={t('savedViews.deleteNamed', { name: former })}
        >
          {t('savedViews.delete')}
        </Button>
      </form>
      {failure && <FailureNotice failure={failure} />}
    </li>
  );
}
