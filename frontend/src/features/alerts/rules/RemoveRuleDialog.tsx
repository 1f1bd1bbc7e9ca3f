import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Rules.module.css';

const DeleteAlertRuleDocument = graphql(`
  mutation DeleteAlertRule($input: DeleteAlertRuleInput!) {
    deleteAlertRule(input: $input) {
      id
    }
  }
`);

interface RemoveRuleDialogProps {
  id: string;
  name: string;
  close(): void;
  removed(): void;
}

/** Says what removing a rule means, and does it. */
export function RemoveRuleDialog({ id, name, close, removed }: RemoveRuleDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, remove] = useMutation(DeleteAlertRuleDocument);
  const act = async () => {
    const { error } = await remove({ input: { rule: id } });
    if (error) return setFailure(failureOf(error));
    announce(t('alertRules.removed'));
    close();
    removed();
  };
  return (
    <Dialog opened close={close} title={t('alertRules.removeNamed', { name })}>
      <div className={classes.form}>
        <p>{t('alertRules.removeExplained')}</p>
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" onClick={act} loading={fetching}>
            {t('alertRules.remove')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
