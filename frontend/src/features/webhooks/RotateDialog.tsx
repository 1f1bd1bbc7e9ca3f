import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { graphql } from '@/gql';
import { Confirm, type HookDialogProps } from './Confirm';
import { Secret } from './Secret';

const RotateSecretDocument = graphql(`
  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
    rotateWebhookSecret(input: $input) {
      secret
      webhook {
        id
        ...Hook
      }
    }
  }
`);

/** Gives a webhook a new secret, which is then shown once. */
export function RotateDialog({ id, name, close }: HookDialogProps) {
  const { t } = useTranslation();
  const [{ data }, rotate] = useMutation(RotateSecretDocument);
  const act = async () => (await rotate({ input: { webhook: id } })).error;
  if (data?.rotateWebhookSecret.secret)
    return <Secret secret={data.rotateWebhookSecret.secret} close={close} />;
  return (
    <Confirm
      title={t('webhooks.rotateNamed', { name })}
      explained={t('webhooks.rotateExplained')}
      verb={t('webhooks.rotate')}
      act={act}
      close={close}
    />
  );
}
