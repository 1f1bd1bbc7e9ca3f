import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type FragmentType, graphql, unmask } from '@/gql';
import { paths } from '@/lib/paths';
import classes from './People.module.css';

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

export function PersonRow({ person }: { person: FragmentType<typeof PersonRowFragment> }) {
  const { t } = useTranslation();
  const row = unmask(PersonRowFragment, person);
  const overdue = row.openLoans.filter((loan) => loan.overdue).length;
  return (
    <tr>
      <th scope="row">{row.name}</th>
      <td>{[row.department?.name, row.company].filter(Boolean).join(' · ')}</td>
      <td>{row.employeeNumber}</td>
      <td>{row.badge}</td>
      <td>{row.email ?? row.phone}</td>
      <td className={classes.holds}>
        {row.openLoans.length > 0 && (
          <Link {...paths.keys({ holder: row.id })}>{t('people.keys', { count: row.openLoans.length })}</Link>
        )}
        {overdue > 0 && <span className={classes.overdue}>{t('people.overdue', { count: overdue })}</span>}
      </td>
    </tr>
  );
}
