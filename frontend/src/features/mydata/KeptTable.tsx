import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import type { KeptDataQuery } from '@/gql/graphql';
import { languageOf } from '@/lib/i18n/i18n';
import classes from './MyData.module.css';

/** How much of each kind is kept, and between which times. */
export function KeptTable({ kinds }: { kinds: KeptDataQuery['keptData']['kinds'] }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(languageOf(i18n));
  return (
    <Table className={classes.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('myData.kind')}</Table.Th>
          <Table.Th>{t('myData.count')}</Table.Th>
          <Table.Th>{t('myData.time')}</Table.Th>
          <Table.Th>{t('myData.for')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {kinds.map(({ kind, count, atLeast, from, to, purpose }) => (
          <Table.Tr key={kind}>
            <Table.Td>{t(`myData.kinds.${kind}`)}</Table.Td>
            <Table.Td>
              {atLeast && '≥ '}
              {number.format(count)}
            </Table.Td>
            <Table.Td>
              {from && <Instant at={from} />}
              {from && to && ' – '}
              {to && <Instant at={to} />}
            </Table.Td>
            <Table.Td>{t(`myData.purposes.${purpose as 'key_custody'}.title`)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
