import { Button, Checkbox, MultiSelect, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { useKeyGroups } from '@/components/filters/GroupFilter';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { PairingRequestQuery } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { wall } from '@/lib/paths';
import { expiryOf, networksOf, useLifetimes } from './lifetimes';
import classes from './Tokens.module.css';

const PairingRequestDocument = graphql(`
  query PairingRequest($code: String!) {
    pairingRequest(code: $code) {
      code
      askedAt
      ip
      device
      location
    }
  }
`);

const ApprovePairingDocument = graphql(`
  mutation ApprovePairing($input: ApprovePairingInput!) {
    approvePairing(input: $input) {
      apiToken {
        id
        name
      }
    }
  }
`);

type Asking = NonNullable<PairingRequestQuery['pairingRequest']>;

/** Lets a display on a wall show what is out: first its code, then what it may show. */
export function PairDialog({ close }: { close(): void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [code, setCode] = useState('');
  const [asking, setAsking] = useState<Asking | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const look = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(null);
    setFailure(null);
    if (code.trim() === '') return setProblem(t('tokens.codeMissing'));
    const { data, error } = await client
      .query(PairingRequestDocument, { code }, { requestPolicy: 'network-only' })
      .toPromise();
    const failed = error && failureOf(error);
    if (failed?.field === 'code') return setProblem(t('tokens.codeMissing'));
    if (failed) return setFailure(failed);
    if (!data?.pairingRequest) return setProblem(t('tokens.noSuchCode'));
    setAsking(data.pairingRequest);
  };

  return (
    <Dialog opened close={close} title={t('tokens.pair')} size={520}>
      {asking ? (
        <Approval asking={asking} close={close} />
      ) : (
        <form className={classes.form} onSubmit={look} noValidate>
          <p>{t('tokens.pairExplained', { address: window.location.origin + wall.path })}</p>
          <TextInput
            label={t('tokens.code')}
            placeholder="K7QM-2XWA"
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            error={problem}
            maxLength={20}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            data-autofocus
          />
          {failure && <FailureNotice failure={failure} />}
          <div className={classes.buttons}>
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit">{t('tokens.look')}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Approval({ asking, close }: { asking: Asking; close(): void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const groups = useKeyGroups();
  const lifetimes = useLifetimes();
  const [values, setValues] = useState({ name: '', days: '365', networks: '' });
  const [chosen, setChosen] = useState<string[]>([]);
  const [shows, setShows] = useState({ names: false, rooms: false });
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching }, approve] = useMutation(ApprovePairingDocument);
  const missing = values.name.trim() === '';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing || fetching) return;
    setFailure(null);
    const answer = await approve({
      input: {
        code: asking.code,
        name: values.name.trim(),
        groups: chosen,
        networks: networksOf(values.networks),
        expiresAt: expiryOf(values.days),
        showNames: shows.names,
        showRooms: shows.rooms,
      },
    });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('tokens.paired', { name: values.name.trim() }));
    close();
  };
  const refused = (field: string) => (failure?.field === field ? failure.message : null);

  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <p>
        {t('tokens.askedFrom')} <Instant at={asking.askedAt} show="seconds" />
        {': '}
        <strong>{[asking.device, asking.ip, asking.location].filter(Boolean).join(' · ')}</strong>
      </p>
      <TextInput
        label={t('tokens.name')}
        value={values.name}
        onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
        error={tried && missing ? t('tokens.nameMissing') : refused('name')}
        maxLength={64}
        autoComplete="off"
        data-autofocus
      />
      <MultiSelect
        label={t('tokens.groups')}
        description={t('tokens.groupsHint')}
        data={groups.map(({ id, name }) => ({ value: id, label: name }))}
        value={chosen}
        onChange={setChosen}
        maxValues={24}
        searchable
        error={refused('groups')}
      />
      <div className={classes.pair}>
        <Checkbox
          label={t('tokens.showNames')}
          checked={shows.names}
          onChange={(event) => setShows({ ...shows, names: event.currentTarget.checked })}
        />
        <Checkbox
          label={t('tokens.showRooms')}
          checked={shows.rooms}
          onChange={(event) => setShows({ ...shows, rooms: event.currentTarget.checked })}
        />
      </div>
      <NativeSelect
        label={t('tokens.expires')}
        value={values.days}
        onChange={(event) => setValues({ ...values, days: event.currentTarget.value })}
        error={refused('expiresAt')}
        data={lifetimes}
      />
      <Textarea
        label={t('tokens.networks')}
        description={t('tokens.networksHint')}
        value={values.networks}
        onChange={(event) => setValues({ ...values, networks: event.currentTarget.value })}
        error={refused('networks')}
        autosize
        minRows={1}
      />
      {failure && !failure.field && <FailureNotice failure={failure} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={fetching}>
          {t('tokens.approve')}
        </Button>
      </div>
    </form>
  );
}
