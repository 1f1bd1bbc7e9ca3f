import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Outcome, ReviewState, Stream } from '@/gql/graphql';
import { useToday } from '@/lib/session/clock';
import { useSession } from '@/lib/session/session';
import { actions, type KnownAction } from '../../entry/actions';
import { type Condition, choices, conditions, type Vocabulary } from './grammar';

/** How conditions are written in the reader's language. */
export function useVocabulary(): Vocabulary {
  const { t } = useTranslation();
  const { server } = useSession();
  const today = useToday();
  return useMemo(() => {
    const words = {
      outcome: (value: string) => t(`outcomes.${value as Outcome}`),
      streams: (value: string) => t(`timeline.stream.${value as Stream}`),
      review: (value: string) => t(`review.states.${value as ReviewState}`),
    };
    return {
      names: Object.fromEntries(conditions.map((each) => [each, t(`typed.names.${each}`)])) as Record<
        Condition,
        string
      >,
      values: Object.fromEntries(
        Object.entries(words).map(([condition, word]) => [
          condition,
          Object.fromEntries((choices[condition as Condition] ?? []).map((value) => [value, word(value)])),
        ]),
      ),
      actions: Object.fromEntries(
        (Object.keys(actions) as KnownAction[]).map((code) => [code, t(`actions.${code}`)]),
      ),
      days: { 0: t('typed.today'), 1: t('typed.yesterday') },
      today,
      zone: server.timeZone,
    };
  }, [t, today, server.timeZone]);
}
