import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { useFormats } from '@/lib/session/clock';
import classes from './Keeping.module.css';

const RunDocument = graphql(`
  mutation RunRetention {
    runRetention {
      run {
        id
        state
      }
    }
  }
`);

/** Says what a run does, and asks for one. */
export function RunDialog({ count, close }: { count: number; close(): void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const announce = useAnnounce();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, run] = useMutation(RunDocument);
  const submit = async () => {
    setFailure(null);
    const answer = await run({});
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('keeping.begun'));
    close();
  };
  return (
    <Dialog opened close={close} title={t('keeping.runTitle', { count, shown: formats.number(count) })}>
      <div className={classes.form}>
        <p>{t('keeping.runExplained')}</p>
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" onClick={submit} loading={fetching}>
            {t('keeping.runConfirm')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
