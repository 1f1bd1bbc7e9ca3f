import { useTranslation } from 'react-i18next';
import { mergedFields, mergedNames } from './merge';
import classes from './People.module.css';
import type { PersonDetails } from './personQuery';

/** What a merge will do: the person who stays as he will be, and what becomes of the one who goes. */
export function MergePreview({ from, into }: { from: PersonDetails; into: PersonDetails }) {
  const { t } = useTranslation();
  const names = mergedNames(from, into);
  return (
    <section className={classes.preview} aria-label={t('people.merge.preview')}>
      <h3>{t('people.merge.becomes', { name: into.name })}</h3>
      <dl>
        {mergedFields(from, into).map(({ field, value, takenOver, dropped }) => (
          <div key={field}>
            <dt>{t(`people.${field}`)}</dt>
            <dd>
              {value}
              {takenOver && <small>{t('people.merge.takenOver')}</small>}
              {dropped && <small>{t('people.merge.dropped', { value: dropped })}</small>}
            </dd>
          </div>
        ))}
        {names.length > 0 && (
          <div>
            <dt>{t('people.externalNames')}</dt>
            <dd>{names.map(({ source, name }) => `${source}: ${name}`).join(', ')}</dd>
          </div>
        )}
      </dl>
      <ul>
        <li>{t('people.merge.record', { from: from.name, into: into.name })}</li>
        {from.openLoans.length > 0 && (
          <li>{t('people.merge.loans', { count: from.openLoans.length, into: into.name })}</li>
        )}
        <li>{t('people.merge.account')}</li>
        <li>{t('people.merge.forGood')}</li>
      </ul>
    </section>
  );
}
