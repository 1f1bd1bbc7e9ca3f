import { Button, CloseButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { files } from '@/lib/paths';
import { deskAction, type KeyRow } from './keyRow';
import classes from './SelectionBar.module.css';

const most = 100;
const mostLabels = 500;

interface SelectionBarProps {
  keys: KeyRow[];
  issue(keys: KeyRow[]): void;
  takeBack(keys: KeyRow[]): void;
  clear(): void;
}

/** What can be done with the selected keys, all at once. */
export function SelectionBar({ keys, issue, takeBack, clear }: SelectionBarProps) {
  const { t } = useTranslation();
  if (keys.length === 0) return null;
  const issuable = keys.filter((key) => deskAction(key) === 'issue');
  const returnable = keys.filter((key) => deskAction(key) === 'return');
  const tooMany = keys.length > most;
  return (
    <section className={classes.bar} aria-label={t('keys.selection')}>
      <strong>{t('keys.selected', { count: keys.length })}</strong>
      {tooMany && <span role="alert">{t('keys.tooMany', { count: most })}</span>}
      <Button size="sm" disabled={tooMany || issuable.length === 0} onClick={() => issue(issuable)}>
        {t('keys.issueCount', { count: issuable.length })}
      </Button>
      <Button
        size="sm"
        variant="default"
        disabled={tooMany || returnable.length === 0}
        onClick={() => takeBack(returnable)}
      >
        {t('keys.returnCount', { count: returnable.length })}
      </Button>
      {keys.length <= mostLabels && (
        <Button
          size="sm"
          variant="default"
          component="a"
          href={files.labels(keys.map(({ id }) => id))}
          target="_blank"
          rel="noopener"
        >
          {t('keys.printLabels', { count: keys.length })}
        </Button>
      )}
      <CloseButton onClick={clear} aria-label={t('keys.clearSelection')} />
    </section>
  );
}
