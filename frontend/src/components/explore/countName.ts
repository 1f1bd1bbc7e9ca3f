import { useTranslation } from 'react-i18next';
import type { Outcome } from '@/gql/graphql';
import { isKnown } from '../entry/actions';

/** What entries are counted by besides time; the filter has a condition of the same name for each. */
export type CountSubject = 'actor' | 'action' | 'module' | 'outcome';

interface Count {
  key: string;
  person?: { name: string } | null;
  /** What programs call it, where it is an action of theirs. */
  title?: string | null;
}

/** How a count is called: a person by name, actions and outcomes in the reader's words. */
export function useCountName(): (subject: CountSubject, count: Count) => string {
  const { t } = useTranslation();
  return (subject, { key, person, title }) => {
    if (subject === 'actor') return person?.name ?? key;
    if (subject === 'outcome') return t(`outcomes.${key.toUpperCase() as Outcome}`);
    if (subject !== 'action') return key;
    return isKnown(key) ? t(`actions.${key}`) : (title ?? key);
  };
}
