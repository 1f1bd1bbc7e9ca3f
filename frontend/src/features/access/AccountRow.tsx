import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import { useRoleNames } from '@/components/roleNames';
import { TimelineLink } from '@/components/TimelineLink';
import { type FragmentType, graphql, unmask } from '@/gql';
import type { AccountRowFragment } from '@/gql/graphql';
import { useFormats } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import classes from './Access.module.css';
import { AccountAction, type ActionKind } from './AccountAction';
import { RolesDialog } from './RolesDialog';

const AccountRowDocument = graphql(`
  fragment AccountRow on Account {
    id
    username
    roles
    disabledAt
    mustChangePassword
    lockedUntil
    secondFactor
    signedInAt
    person {
      id
      name
    }
  }
`);

interface AccountRowProps {
  account: FragmentType<typeof AccountRowDocument>;
  changed(): void;
}

export function AccountRow({ account, changed }: AccountRowProps) {
  const { t } = useTranslation();
  const roleName = useRoleNames();
  const own = useSession().username;
  const row = unmask(AccountRowDocument, account);
  const [dialog, setDialog] = useState<ActionKind | 'roles' | null>(null);
  const { name } = row.person;
  const close = () => setDialog(null);
  const isOwn = row.username === own;
  return (
    <tr>
      <th scope="row">
        <TimelineLink person={row.person} />
        {isOwn && ` (${t('access.you')})`}
      </th>
      <td>{row.username}</td>
      <td>{row.roles.map(roleName).join(', ') || t('access.noRoles')}</td>
      <State row={row} />
      <td>{row.signedInAt ? <Instant at={row.signedInAt} /> : t('access.never')}</td>
      <td className={classes.act}>
        <Menu position="bottom-end" width={220}>
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={32}
              aria-label={t('access.actions', { name: `${name} (${row.username})` })}
            >
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setDialog('roles')}>{t('access.setRoles')}</Menu.Item>
            {!isOwn && (
              <>
                <Menu.Item onClick={() => setDialog('reset')}>{t('access.reset')}</Menu.Item>
                <Menu.Item onClick={() => setDialog('end')}>{t('access.end')}</Menu.Item>
                {row.lockedUntil && (
                  <Menu.Item onClick={() => setDialog('unlock')}>{t('access.unlock')}</Menu.Item>
                )}
                {row.secondFactor && (
                  <Menu.Item onClick={() => setDialog('factor')}>{t('access.factor')}</Menu.Item>
                )}
                {row.disabledAt ? (
                  <Menu.Item onClick={() => setDialog('enable')}>{t('access.enable')}</Menu.Item>
                ) : (
                  <Menu.Item onClick={() => setDialog('disable')}>{t('access.disable')}</Menu.Item>
                )}
              </>
            )}
          </Menu.Dropdown>
        </Menu>
        {dialog === 'roles' && (
          <RolesDialog person={row.person} isOwn={isOwn} close={close} changed={changed} />
        )}
        {dialog && dialog !== 'roles' && (
          <AccountAction kind={dialog} account={row.id} name={name} close={close} changed={changed} />
        )}
      </td>
    </tr>
  );
}

function State({ row }: { row: AccountRowFragment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (row.disabledAt) return <td className={classes.attention}>{t('access.state_disabled')}</td>;
  if (row.lockedUntil) {
    return (
      <td className={classes.attention}>
        {t('access.state_waits', { time: formats.seconds(row.lockedUntil) })}
      </td>
    );
  }
  return <td>{row.mustChangePassword ? t('access.state_noPassword') : t('access.state_ok')}</td>;
}
