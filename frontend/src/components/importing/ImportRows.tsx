import { useTranslation } from 'react-i18next';
import type { ImportAction } from '@/gql/graphql';
import classes from './ImportDialog.module.css';

/** One line of a file, and what becomes of it. */
export interface ImportedRow {
  line: number;
  action: ImportAction;
  name: string;
  /** The fields that differ, as the schema names them. */
  fields: readonly string[];
  problem?: string | null;
}

interface ImportRowsProps {
  what: 'people' | 'keys';
  rows: readonly ImportedRow[];
  nameHeading: string;
  fieldName(field: string): string;
}

/** What becomes of each line of an import; lines that change nothing are left out. */
export function ImportRows({ what, rows, nameHeading, fieldName }: ImportRowsProps) {
  const { t } = useTranslation();
  const shown = rows.filter((row) => row.action !== 'SAME');
  if (shown.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard
    <div className={classes.rows} role="region" aria-label={t('importing.lines')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('importing.line')}</th>
            <th scope="col">{nameHeading}</th>
            <th scope="col">{t('importing.becomes')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.line} data-action={row.action}>
              <td>{row.line}</td>
              <th scope="row">{row.name || '–'}</th>
              <td>
                {t(`${what}.import.actions.${row.action}`)}
                {row.action === 'UPDATE' && `: ${row.fields.map(fieldName).join(', ')}`}
                {row.problem && <span className={classes.problem}>{row.problem}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
