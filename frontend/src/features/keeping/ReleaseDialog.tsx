import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Keeping.module.css';

const ReleaseDocument = graphql(`
  mutation ReleaseLegalHold($input: ReleaseLegalHoldInput!) {
    releaseLegalHold(input: $input) {
      hold {
        id
        releasedAt
      }
    }
  }
`);

interface ReleaseDialogProps {
  id: string;
  name: string;
  close(): void;
}

/** Says what releasing a hold means, and does it. */
export function ReleaseDialog({ id, name, close }: ReleaseDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, release] = useMutation(ReleaseDocument);
  const submit = async () => {
    setFailure(null);
    const answer = await release({ input: { hold: id } });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('keeping.releasedNamed', { name }));
    close();
  };
  return (
    <Dialog opened close={close} title={t('keeping.releaseNamed', { name })}>
      <div className={classes.form}>
        <p>{t('keeping.releaseExplained')}</p>
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" onClick={submit} loading={fetching}>
            {t('keeping.release')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
