import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { graphql } from '@/gql';
import { Confirm, type HookDialogProps } from './Confirm';

const RemoveWebhookDocument = graphql(`
  mutation RemoveWebhook($input: RemoveWebhookInput!) {
    removeWebhook(input: $input) {
      id
    }
  }
`);

/** Says what removing a webhook means, and does it. */
export function RemoveDialog({ id, name, close }: HookDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [, remove] = useMutation(RemoveWebhookDocument);
  const act = async () => {
    const { error } = await remove({ input: { webhook: id } });
    if (error) return error;
    announce(t('webhooks.removed', { name }));
    close();
    return undefined;
  };
  return (
    <Confirm
      title={t('webhooks.removeNamed', { name })}
      explained={t('webhooks.removeExplained')}
      verb={t('webhooks.remove')}
      dangerous
      act={act}
      close={close}
    />
  );
}
