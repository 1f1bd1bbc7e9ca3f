import { Button, Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import type { SetRetentionPolicyInput, Stream } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import classes from './Keeping.module.css';
import { bytesOfMiB, type Policy } from './Policies';

const SetPolicyDocument = graphql(`
  mutation SetRetentionPolicy($input: SetRetentionPolicyInput!) {
    setRetentionPolicy(input: $input) {
      policies {
        stream
        source
        entityType
        keepDays
        maxEntries
        maxBytes
      }
    }
  }
`);

const streams: Stream[] = ['KEY', 'ACTIVITY', 'AUTH', 'WORK', 'SYSTEM'];

interface PolicyDialogProps {
  /** Null makes a new one. */
  policy: Policy | null;
  close(): void;
}

/** Sets how long something is kept. */
export function PolicyDialog({ policy, close }: PolicyDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [stream, setStream] = useState<Stream>(policy?.stream ?? 'ACTIVITY');
  const [source, setSource] = useState(policy?.source ?? '');
  const [entityType, setEntityType] = useState(policy?.entityType ?? '');
  const [forGood, setForGood] = useState(policy !== null && policy.keepDays == null);
  const [days, setDays] = useState<number | string>(policy?.keepDays ?? 365);
  const [entries, setEntries] = useState<number | string>(Number(policy?.maxEntries ?? 0) || '');
  const [size, setSize] = useState<number | string>(Number(policy?.maxBytes ?? 0) / bytesOfMiB || '');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, set] = useMutation(SetPolicyDocument);
  const narrow = source.trim() !== '' || entityType.trim() !== '';

  const send = async (input: SetRetentionPolicyInput, said: string) => {
    setFailure(null);
    const answer = await set({ input });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(said);
    close();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(
      {
        stream,
        source,
        entityType,
        keepDays: forGood ? null : Number(days),
        maxEntries: narrow || entries === '' ? null : String(entries),
        maxBytes: narrow || size === '' ? null : String(Math.round(Number(size) * bytesOfMiB)),
      },
      t('keeping.saved'),
    );
  };
  const remove = () => void send({ stream, source, entityType, remove: true }, t('keeping.removed'));

  return (
    <Dialog opened close={close} title={policy ? t('keeping.changePolicy') : t('keeping.addPolicy')}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <Select
          label={t('keeping.stream')}
          data={streams.map((value) => ({ value, label: t(`timeline.stream.${value}`) }))}
          value={stream}
          onChange={(value) => value && setStream(value as Stream)}
          allowDeselect={false}
          disabled={policy !== null}
        />
        {(!policy || narrow) && (
          <div className={classes.pair}>
            <TextInput
              label={t('keeping.source')}
              description={t('keeping.emptyForAll')}
              value={source}
              onChange={(event) => setSource(event.currentTarget.value)}
              disabled={policy !== null}
            />
            <TextInput
              label={t('keeping.entityType')}
              description={t('keeping.emptyForAll')}
              value={entityType}
              onChange={(event) => setEntityType(event.currentTarget.value)}
              disabled={policy !== null}
            />
          </div>
        )}
        <Checkbox
          label={t('keeping.forGood')}
          checked={forGood}
          onChange={(event) => setForGood(event.currentTarget.checked)}
        />
        {!forGood && (
          <NumberInput
            label={t('keeping.daysLabel')}
            min={1}
            max={36500}
            allowDecimal={false}
            value={days}
            onChange={setDays}
          />
        )}
        {!narrow && (
          <div className={classes.pair}>
            <NumberInput
              label={t('keeping.maxEntries')}
              description={t('keeping.emptyForNone')}
              min={1000}
              allowDecimal={false}
              value={entries}
              onChange={setEntries}
            />
            <NumberInput
              label={t('keeping.maxMiB')}
              description={t('keeping.emptyForNone')}
              min={1}
              value={size}
              onChange={setSize}
            />
          </div>
        )}
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.buttons}>
          {policy && narrow && (
            <Button variant="subtle" color="red" onClick={remove} loading={fetching}>
              {t('keeping.remove')}
            </Button>
          )}
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
