import { useTranslation } from 'react-i18next';
import classes from './fields.module.css';

interface Change {
  path: string;
  before?: unknown;
  after?: unknown;
  hidden: boolean;
}

/** What changed, field by field; nothing where nothing did. */
export function Changes({ changes }: { changes: Change[] }) {
  const { t } = useTranslation();
  if (changes.length === 0) return null;
  return (
    <section className={classes.proof}>
      <h3>{t('entry.changes')}</h3>
      <dl className={classes.fields}>
        {changes.map((change) => (
          <div key={change.path}>
            <dt>{change.path}</dt>
            <dd>
              {change.hidden ? (
                t('entry.hidden')
              ) : (
                <>
                  <del>{said(change.before)}</del> → <ins>{said(change.after)}</ins>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** A JSON value to unfold; nothing where there is none. */
export function Json({ name, value }: { name: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <details className={classes.body}>
      <summary>{name}</summary>
      <pre>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}

function said(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
