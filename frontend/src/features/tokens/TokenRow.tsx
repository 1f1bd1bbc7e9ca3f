import { Button } from '@mantine/core';
import { IconCheck, IconClockX, IconPlugX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import { type FragmentType, graphql, unmask } from '@/gql';
import type { ApiTokenState } from '@/gql/graphql';
import { Sent } from './Sent';
import classes from './Tokens.module.css';

const TokenRowFragment = graphql(`
  fragment TokenRow on ApiToken {
    id
    name
    role
    source
    networks
    state
    createdAt
    createdBy {
      id
      name
    }
    expiresAt
    lastUsedAt
    lastUsedFrom
    revokedAt
  }
`);

const icons = {
  ACTIVE: IconCheck,
  EXPIRED: IconClockX,
  REVOKED: IconPlugX,
} satisfies Record<ApiTokenState, unknown>;

interface TokenRowProps {
  token: FragmentType<typeof TokenRowFragment>;
  revoke(token: { id: string; name: string }): void;
  declare(source: string): void;
}

export function TokenRow({ token, revoke, declare }: TokenRowProps) {
  const { t } = useTranslation();
  const row = unmask(TokenRowFragment, token);
  const Icon = icons[row.state];
  return (
    <tr data-state={row.state}>
      <th scope="row">
        {row.name}
        {row.source !== row.name && <span className={classes.under}>{row.source}</span>}
      </th>
      <td>
        <span className={classes.chip} data-state={row.state}>
          <Icon size={13} stroke={2.4} aria-hidden="true" />
          {t(`tokens.states.${row.state}`)}
        </span>
      </td>
      <td>
        {t(`tokens.roles.${roleOf(row.role)}`)}
        {row.networks.length > 0 && <span className={classes.under}>{row.networks.join(', ')}</span>}
      </td>
      <td>
        {row.lastUsedAt ? <Instant at={row.lastUsedAt} /> : t('tokens.never')}
        {row.lastUsedFrom && <span className={classes.under}>{row.lastUsedFrom}</span>}
        {row.role === 'integrator' && <Sent source={row.source} />}
      </td>
      <td>{row.expiresAt ? <Instant at={row.expiresAt} show="full" /> : t('tokens.noExpiry')}</td>
      <td>
        <Instant at={row.createdAt} />
        {row.createdBy && <span className={classes.under}>{row.createdBy.name}</span>}
      </td>
      <td className={classes.act}>
        {row.state === 'ACTIVE' && row.role === 'integrator' && (
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => declare(row.source)}
            aria-label={t('tokens.declaresNamed', { source: row.source })}
          >
            {t('tokens.declares')}
          </Button>
        )}
        {row.state === 'ACTIVE' && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            onClick={() => revoke({ id: row.id, name: row.name })}
            aria-label={t('tokens.revokeNamed', { name: row.name })}
          >
            {t('tokens.revoke')}
          </Button>
        )}
      </td>
    </tr>
  );
}

const roles = ['integrator', 'screen', 'wall', 'workstation'] as const;

function roleOf(name: string): (typeof roles)[number] {
  return roles.find((role) => role === name) ?? 'integrator';
}
