import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import type { WebhookEvent, WebhookState } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { Secret } from './Secret';
import classes from './Webhooks.module.css';

const SaveWebhookDocument = graphql(`
  mutation SaveWebhook($input: SaveWebhookInput!) {
    saveWebhook(input: $input) {
      secret
      webhook {
        id
        ...Hook
      }
    }
  }
`);

const events: WebhookEvent[] = [
  'ALERT_RAISED',
  'KEY_MOVED',
  'AUTH_ATTEMPT_LOGGED',
  'ACTION_LOGGED',
  'LOG_RETENTION_RUN',
  'PERSON_ERASED',
];

interface HookFormProps {
  /** Null makes a new one. */
  hook: {
    id: string;
    url: string;
    description: string;
    events: readonly WebhookEvent[];
    state: WebhookState;
  } | null;
  close(): void;
}

/** Makes or changes a webhook; a new one's secret is shown once. */
export function HookForm({ hook, close }: HookFormProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [url, setUrl] = useState(hook?.url ?? 'https://');
  const [description, setDescription] = useState(hook?.description ?? '');
  const [wanted, setWanted] = useState<string[]>(hook ? [...hook.events] : ['ALERT_RAISED']);
  const [enabled, setEnabled] = useState(hook ? hook.state !== 'OFF' : true);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching, data }, save] = useMutation(SaveWebhookDocument);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    const answer = await save({
      input: { id: hook?.id ?? null, url, description, events: wanted as WebhookEvent[], enabled },
    });
    if (answer.error) return setFailure(failureOf(answer.error));
    if (answer.data?.saveWebhook.secret) return;
    announce(t('webhooks.saved'));
    close();
  };
  const refused = (field: string) => (failure?.field === field ? failure.message : null);

  if (data?.saveWebhook.secret) return <Secret secret={data.saveWebhook.secret} close={close} />;
  return (
    <Dialog opened close={close} title={hook ? t('webhooks.changeTitle') : t('webhooks.add')} size={520}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label={t('webhooks.url')}
          description={t('webhooks.urlHint')}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={refused('url')}
          type="url"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        <TextInput
          label={t('webhooks.description')}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={refused('description')}
          maxLength={200}
          autoComplete="off"
        />
        <Checkbox.Group
          label={t('webhooks.wanted')}
          value={wanted}
          onChange={setWanted}
          error={refused('events')}
        >
          <div className={classes.boxes}>
            {events.map((event) => (
              <Checkbox key={event} value={event} label={t(`webhooks.events.${event}`)} />
            ))}
          </div>
        </Checkbox.Group>
        <Checkbox
          label={t('webhooks.enabled')}
          description={hook?.state === 'PAUSED' ? t('webhooks.enabledPaused') : undefined}
          checked={enabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
        {failure && !failure.field && <FailureNotice failure={failure} />}
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
