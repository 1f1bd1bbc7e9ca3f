import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import type { AlertState } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Alerts.module.css';

const AcknowledgeAlertDocument = graphql(`
  mutation AcknowledgeAlert($input: AcknowledgeAlertInput!) {
    acknowledgeAlert(input: $input) {
      alert {
        id
        ...AlertLive
      }
    }
  }
`);

const ResolveAlertDocument = graphql(`
  mutation ResolveAlert($input: ResolveAlertInput!) {
    resolveAlert(input: $input) {
      alert {
        id
        ...AlertLive
      }
    }
  }
`);

/** Takes an alert over, or ends it with a note. */
export function AlertActions({ id, state }: { id: string; state: AlertState }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching: acknowledging }, acknowledge] = useMutation(AcknowledgeAlertDocument);
  const [{ fetching: resolving }, resolve] = useMutation(ResolveAlertDocument);
  const missing = note.trim() === '';

  const takeOver = async () => {
    setFailure(null);
    const answer = await acknowledge({ input: { alert: id } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('alerts.acknowledged'));
  };
  const end = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing || resolving) return;
    setFailure(null);
    const answer = await resolve({ input: { alert: id, note: note.trim() } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('alerts.resolved'));
  };
  return (
    <form className={classes.form} onSubmit={end} noValidate>
      {state === 'OPEN' && (
        <div className={classes.buttons}>
          <Button variant="default" onClick={takeOver} loading={acknowledging}>
            {t('alerts.acknowledge')}
          </Button>
        </div>
      )}
      <Textarea
        label={t('alerts.note')}
        description={t('alerts.noteExplained')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={
          tried && missing ? t('alerts.noteMissing') : failure?.field === 'note' ? failure.message : null
        }
        maxLength={2000}
        autosize
        minRows={2}
      />
      {failure && <FailureNotice failure={failure} />}
      <div className={classes.buttons}>
        <Button type="submit" loading={resolving}>
          {t('alerts.resolve')}
        </Button>
      </div>
    </form>
  );
}
