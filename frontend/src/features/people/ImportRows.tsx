import { useTranslation } from 'react-i18next';
import { type FragmentType, graphql, unmask } from '@/gql';
import classes from './ImportDialog.module.css';

const ImportRowFragment = graphql(`
  fragment ImportRow on ImportedPerson {
    line
    action
    name
    fields
    problem
  }
`);

/** What becomes of each line of an import; lines that change nothing are left out. */
export function ImportRows({ rows }: { rows: FragmentType<typeof ImportRowFragment>[] }) {
  const { t } = useTranslation();
  const shown = unmask(ImportRowFragment, rows).filter((row) => row.action !== 'SAME');
  if (shown.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard
    <div className={classes.rows} role="region" aria-label={t('people.import.lines')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('people.import.line')}</th>
            <th scope="col">{t('people.name')}</th>
            <th scope="col">{t('people.import.becomes')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.line} data-action={row.action}>
              <td>{row.line}</td>
              <th scope="row">{row.name}</th>
              <td>
                {t(`people.import.actions.${row.action}`)}
                {row.action === 'UPDATE' && `: ${row.fields.map((field) => t(fieldName(field))).join(', ')}`}
                {row.problem && <span className={classes.problem}>{row.problem}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const fieldNames = [
  'name',
  'department',
  'employeeNumber',
  'badge',
  'company',
  'email',
  'phone',
  'validUntil',
  'language',
] as const;

function fieldName(field: string) {
  const known = fieldNames.find((name) => name === field);
  return known ? (`people.${known}` as const) : 'people.externalNames';
}
