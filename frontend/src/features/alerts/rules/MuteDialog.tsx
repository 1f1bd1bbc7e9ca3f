import { Button, NativeSelect, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CombinedError, useMutation } from 'urql';
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

/** Has a rule that an admin made raise nothing for a while. */
export function MuteDialog({ id, name, close }: { id: string; name: string; close(): void }) {
  const { t } = useTranslation();
  const [, mute] = useMutation(MuteAlertRuleDocument);
  return (
    <MuteForm
      name={name}
      explained={t('alertRules.muteExplained')}
      mute={async (until, reason) => (await mute({ input: { rule: id, until, reason } })).error}
      close={close}
    />
  );
}

interface MuteFormProps {
  name: string;
  explained: string;
  mute(until: string, reason: string): Promise<CombinedError | undefined>;
  close(): void;
}

/** Asks for how long and why a rule is to raise nothing. */
export function MuteForm({ name, explained, mute, close }: MuteFormProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [hours, setHours] = useState('8');
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [muting, setMuting] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    setMuting(true);
    const error = await mute(new Date(Date.now() + Number(hours) * 3_600_000).toISOString(), reason);
    setMuting(false);
    if (error) return setFailure(failureOf(error));
    announce(t('alertRules.muted'));
    close();
  };
  return (
    <Dialog opened close={close} title={t('alertRules.muteNamed', { name })}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <p>{explained}</p>
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
          <Button type="submit" loading={muting}>
            {t('alertRules.mute')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
