import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { graphql } from '@/gql';
import { Confirm, type HookDialogProps } from './Confirm';

const ReplayWebhookDocument = graphql(`
  mutation ReplayWebhook($input: ReplayWebhookInput!) {
    replayWebhook(input: $input) {
      webhook {
        id
        ...Hook
      }
    }
  }
`);

/** How many hours back events are sent again. */
const spans = ['1', '24', '168', '720'] as const;

/** Has a webhook sent again what came within some time. */
export function ReplayDialog({ id, name, close }: HookDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [hours, setHours] = useState<string>('24');
  const [, replay] = useMutation(ReplayWebhookDocument);
  const act = async () => {
    const time = new Date(Date.now() - Number(hours) * 3_600_000).toISOString();
    const { error } = await replay({ input: { webhook: id, time } });
    if (error) return error;
    announce(t('webhooks.replayed', { name }));
    close();
    return undefined;
  };
  return (
    <Confirm
      title={t('webhooks.replayNamed', { name })}
      explained={t('webhooks.replayExplained')}
      verb={t('webhooks.replay')}
      act={act}
      close={close}
    >
      <NativeSelect
        label={t('webhooks.since')}
        value={hours}
        onChange={(event) => setHours(event.currentTarget.value)}
        data={spans.map((value) => ({ value, label: t(`webhooks.spans.${value}`) }))}
      />
    </Confirm>
  );
}
