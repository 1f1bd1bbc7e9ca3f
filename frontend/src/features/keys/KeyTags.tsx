import { useTranslation } from 'react-i18next';
import classes from './DeskForm.module.css';
import type { KeyRow } from './keyRow';

/** The keys in question, and who has them. */
export function KeyTags({ keys }: { keys: KeyRow[] }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.tags} aria-label={t('keys.title')}>
      {keys.map((key) => (
        <li key={key.id}>
          <b>{key.number}</b> {key.label}
          {key.loan && <span> · {key.loan.holder.name}</span>}
        </li>
      ))}
    </ul>
  );
}
