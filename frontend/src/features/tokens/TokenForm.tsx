import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { Dialog } from '@/components/Dialog';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { expiryOf, networksOf, useLifetimes } from './lifetimes';
import { MadeToken } from './MadeToken';
import classes from './Tokens.module.css';

const CreateTokenDocument = graphql(`
  mutation CreateToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) {
      token
      apiToken {
        id
        name
      }
    }
  }
`);

/** The source that a name suggests, as the server makes it where none is given. */
const sourceFrom = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');

/** Makes a token for a program, and then shows it, once. */
export function TokenForm({ close }: { close(): void }) {
  const { t } = useTranslation();
  const lifetimes = useLifetimes();
  const [name, setName] = useState('');
  const [role, setRole] = useState('integrator');
  const [source, setSource] = useState('');
  const [days, setDays] = useState<string>('365');
  const [networks, setNetworks] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [{ fetching, data }, create] = useMutation(CreateTokenDocument);
  const missing = name.trim() === '';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing || fetching) return;
    setFailure(null);
    const answer = await create({
      input: {
        name: name.trim(),
        role,
        source: source.trim() || null,
        expiresAt: expiryOf(days),
        networks: networksOf(networks),
      },
    });
    if (answer.error) setFailure(failureOf(answer.error));
  };
  const refused = (field: string) => (failure?.field === field ? failure.message : null);

  if (data)
    return (
      <MadeToken name={data.createApiToken.apiToken.name} token={data.createApiToken.token} close={close} />
    );
  return (
    <Dialog opened close={close} title={t('tokens.make')} size={520}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label={t('tokens.name')}
          description={t('tokens.nameHint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={tried && missing ? t('tokens.nameMissing') : refused('name')}
          maxLength={64}
          autoComplete="off"
          required
          withAsterisk={false}
          data-autofocus
        />
        <NativeSelect
          label={t('tokens.role')}
          description={t(`tokens.roleHints.${roleHintOf(role)}`)}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value)}
          data={[
            { value: 'integrator', label: t('tokens.roles.integrator') },
            { value: 'screen', label: t('tokens.roles.screen') },
            { value: 'workstation', label: t('tokens.roles.workstation') },
          ]}
        />
        <div className={classes.pair}>
          <TextInput
            label={t('tokens.source')}
            placeholder={sourceFrom(name)}
            value={source}
            onChange={(event) => setSource(event.currentTarget.value)}
            error={refused('source')}
            maxLength={64}
            autoComplete="off"
          />
          <NativeSelect
            label={t('tokens.expires')}
            value={days}
            onChange={(event) => setDays(event.currentTarget.value)}
            error={refused('expiresAt')}
            data={lifetimes}
          />
        </div>
        <Textarea
          label={t('tokens.networks')}
          description={t('tokens.networksHint')}
          value={networks}
          onChange={(event) => setNetworks(event.currentTarget.value)}
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
            {t('tokens.make')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function roleHintOf(role: string) {
  return role === 'screen' || role === 'workstation' ? role : 'integrator';
}
