import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TimelineLink } from '@/components/TimelineLink';
import { type FragmentType, graphql, unmask } from '@/gql';
import { paths } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import classes from './People.module.css';
import { PersonActions } from './PersonActions';

const PersonRowFragment = graphql(`
  fragment PersonRow on Person {
    id
    name
    employeeNumber
    badge
    company
    email
    phone
    validUntil
    department {
      id
      name
    }
    openLoans {
      id
      overdue
    }
  }
`);

interface PersonRowProps {
  person: FragmentType<typeof PersonRowFragment>;
  mayManage: boolean;
  /** Shows since when he is gone. */
  left: boolean;
}

export function PersonRow({ person, mayManage, left }: PersonRowProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const row = unmask(PersonRowFragment, person);
  const overdue = row.openLoans.filter((loan) => loan.overdue).length;
  return (
    <tr>
      <th scope="row">
        <TimelineLink person={row} />
      </th>
      <td>{[row.department?.name, row.company].filter(Boolean).join(' · ')}</td>
      <td>{row.employeeNumber}</td>
      <td>{row.badge}</td>
      <td>{row.email ?? row.phone}</td>
      <td className={classes.holds}>
        {row.openLoans.length > 0 && (
          <Link {...paths.keys({ holder: row.id })}>{t('people.keys', { count: row.openLoans.length })}</Link>
        )}
        {left && row.validUntil && (
          <span className={classes.overdue}>{t('people.leftOn', { day: formats.day(row.validUntil) })}</span>
        )}
        {overdue > 0 && <span className={classes.overdue}>{t('people.overdue', { count: overdue })}</span>}
      </td>
      {mayManage && (
        <td className={classes.act}>
          <PersonActions id={row.id} name={row.name} />
        </td>
      )}
    </tr>
  );
}
