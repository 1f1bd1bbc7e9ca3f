import { useTranslation } from 'react-i18next';
import type { Outcome } from '@/gql/graphql';
import { isKnown } from '../entry/actions';

/** What entries are counted by besides time; the filter has a condition of the same name for each. */
export type CountSubject = 'actor' | 'action' | 'module' | 'outcome';

interface Count {
  key: string;
  person?: { name: string } | null;
}

/** How a count is called: a person by name, actions and outcomes in the reader's words. */
export function useCountName(): (subject: CountSubject, count: Count) => string {
  const { t } = useTranslation();
  return (subject, { key, person }) => {
    if (subject === 'actor') return person?.name ?? key;
    if (subject === 'outcome') return t(`outcomes.${key.toUpperCase() as Outcome}`);
    return subject === 'action' && isKnown(key) ? t(`actions.${key}`) : key;
  };
}
