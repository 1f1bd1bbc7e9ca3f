import { Button, NativeSelect, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Rules.module.css';

export const MuteAlertRuleDocument = graphql(`
  mutation MuteAlertRule($input: MuteAlertRuleInput!) {
    muteAlertRule(input: $input) {
      rule {
        id
        ...Rule
      }
    }
  }
`);

/** For how long, in hours. */
const lengths = ['1', '8', '24', '168', '720'] as const;

/** Has a rule raise nothing for a while. */
export function MuteDialog({ id, name, close }: { id: string; name: string; close(): void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [hours, setHours] = useState('8');
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, mute] = useMutation(MuteAlertRuleDocument);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    const until = new Date(Date.now() + Number(hours) * 3_600_000).toISOString();
    const { error } = await mute({ input: { rule: id, until, reason } });
    if (error) return setFailure(failureOf(error));
    announce(t('alertRules.muted'));
    close();
  };
  return (
    <Dialog opened close={close} title={t('alertRules.muteNamed', { name })}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <p>{t('alertRules.muteExplained')}</p>
        <NativeSelect
          label={t('alertRules.muteFor')}
          value={hours}
          onChange={(event) => setHours(event.currentTarget.value)}
          data={lengths.map((length) => ({ value: length, label: t(`alertRules.mutes.${length}`) }))}
          data-autofocus
        />
        <Textarea
          label={t('alertRules.muteReason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={failure?.field === 'reason' ? failure.message : null}
          maxLength={500}
          autosize
        />
        {failure && failure.field !== 'reason' && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={fetching}>
            {t('alertRules.mute')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
