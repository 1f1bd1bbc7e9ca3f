import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import { type FragmentType, graphql, unmask } from '@/gql';
import { Deliveries } from './Deliveries';
import { HookForm } from './HookForm';
import { RemoveDialog } from './RemoveDialog';
import { ReplayDialog } from './ReplayDialog';
import { RotateDialog } from './RotateDialog';
import { Try } from './Try';
import classes from './Webhooks.module.css';

const HookFragment = graphql(`
  fragment Hook on Webhook {
    id
    url
    description
    events
    state
    failingSince
    deliveredAt
    formerSecretUntil
    givenUp
  }
`);

type Asked = 'change' | 'rotate' | 'replay' | 'remove' | null;

/** One webhook: where it leads, how it does, and what may be done with it. */
export function Hook(props: { hook: FragmentType<typeof HookFragment> }) {
  const { t } = useTranslation();
  const hook = unmask(HookFragment, props.hook);
  const [asked, setAsked] = useState<Asked>(null);
  const [opened, setOpened] = useState(false);
  const close = () => setAsked(null);
  const name = hook.description || new URL(hook.url).host;
  return (
    <li className={classes.hook} aria-label={name}>
      <div className={classes.head}>
        <h2 className={classes.name}>{name}</h2>
        <span className={classes.chip} data-state={hook.state}>
          {t(`webhooks.states.${hook.state}`)}
        </span>
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => setAsked('change')}
          aria-label={t('webhooks.changeNamed', { name })}
        >
          {t('webhooks.change')}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" aria-label={t('webhooks.moreNamed', { name })}>
              <IconDotsVertical size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setAsked('replay')}>{t('webhooks.replay')}</Menu.Item>
            <Menu.Item onClick={() => setAsked('rotate')}>{t('webhooks.rotate')}</Menu.Item>
            <Menu.Item color="red" onClick={() => setAsked('remove')}>
              {t('webhooks.remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <code className={classes.url}>{hook.url}</code>
      <p className={classes.muted}>{hook.events.map((event) => t(`webhooks.events.${event}`)).join(', ')}</p>
      <Health hook={hook} />
      <div className={classes.actions}>
        <Try id={hook.id} />
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => setOpened(!opened)}
          aria-expanded={opened}
          aria-label={t('webhooks.deliveriesOf', { name })}
        >
          {t('webhooks.deliveries')}
        </Button>
      </div>
      {opened && <Deliveries id={hook.id} name={name} active={hook.state === 'ACTIVE'} />}
      {asked === 'change' && <HookForm hook={hook} close={close} />}
      {asked === 'rotate' && <RotateDialog id={hook.id} name={name} close={close} />}
      {asked === 'replay' && <ReplayDialog id={hook.id} name={name} close={close} />}
      {asked === 'remove' && <RemoveDialog id={hook.id} name={name} close={close} />}
    </li>
  );
}

interface HealthProps {
  hook: {
    failingSince?: string | null;
    deliveredAt?: string | null;
    formerSecretUntil?: string | null;
    givenUp: number;
  };
}

/** Says how deliveries go. */
function Health({ hook }: HealthProps) {
  const { t } = useTranslation();
  return (
    <p className={classes.health}>
      {hook.failingSince && (
        <span className={classes.failing}>
          {t('webhooks.failingSince')} <Instant at={hook.failingSince} />
        </span>
      )}
      {hook.givenUp > 0 && (
        <span className={classes.failing}>{t('webhooks.givenUp', { count: hook.givenUp })}</span>
      )}
      <span>
        {hook.deliveredAt ? (
          <>
            {t('webhooks.deliveredAt')} <Instant at={hook.deliveredAt} />
          </>
        ) : (
          t('webhooks.neverDelivered')
        )}
      </span>
      {hook.formerSecretUntil && (
        <span>
          {t('webhooks.formerUntil')} <Instant at={hook.formerSecretUntil} />
        </span>
      )}
    </p>
  );
}
