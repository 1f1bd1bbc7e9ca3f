import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Tokens.module.css';

const RevokeTokenDocument = graphql(`
  mutation RevokeToken($input: RevokeApiTokenInput!) {
    revokeApiToken(input: $input) {
      apiToken {
        id
        ...TokenRow
      }
    }
  }
`);

interface RevokeDialogProps {
  id: string;
  name: string;
  close(): void;
}

/** Says what revoking a token means, and does it. */
export function RevokeDialog({ id, name, close }: RevokeDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, revoke] = useMutation(RevokeTokenDocument);

  const submit = async () => {
    setFailure(null);
    const answer = await revoke({ input: { id } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('tokens.revoked', { name }));
    close();
  };
  return (
    <Dialog opened close={close} title={t('tokens.revokeNamed', { name })}>
      <div className={classes.form}>
        <p>{t('tokens.revokeExplained')}</p>
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" onClick={submit} loading={fetching}>
            {t('tokens.revoke')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
