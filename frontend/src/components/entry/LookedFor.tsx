import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { useCan } from '@/lib/session/session';
import { Instant } from '../Instant';
import { isKnown } from './actions';

const PersonNameDocument = graphql(`
  query PersonName($id: ID!) {
    person(id: $id) {
      id
      name
    }
  }
`);

/** The conditions of a filter, as the server records them. */
const conditions = [
  'from',
  'to',
  'person',
  'actor',
  'source',
  'department',
  'entityType',
  'entity',
  'key',
  'keyNumber',
  'keyGroup',
  'action',
  'module',
  'outcome',
  'ip',
  'stream',
  'text',
  'review',
  'kind',
  'windowMinutes',
  'groupBy',
] as const;

/** What somebody looked for in a log, a condition a line. */
export function LookedFor({ filter }: { filter: Record<string, unknown> }) {
  const { t } = useTranslation();
  return Object.entries(filter).map(([name, value]) => {
    const known = conditions.find((each) => each === name);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return (
      <div key={name}>
        {known ? t(`conditions.${known}`) : name}: <Value name={name} text={text} />
      </div>
    );
  });
}

function Value({ name, text }: { name: string; text: string }): ReactNode {
  const { t } = useTranslation();
  switch (name) {
    case 'person':
    case 'actor':
      return <PersonName id={text} />;
    case 'from':
    case 'to':
      return Number.isNaN(Date.parse(text)) ? text : <Instant at={text} show="full" />;
    case 'action':
      return isKnown(text) ? t(`actions.${text}`) : text;
    case 'stream':
      return text
        .split(', ')
        .map((each) => streams.find((stream) => stream === each.toUpperCase()))
        .map((stream, at) => (stream ? t(`timeline.stream.${stream}`) : text.split(', ')[at]))
        .join(', ');
    case 'outcome': {
      const outcome = outcomes.find((each) => each === text.toUpperCase());
      return outcome ? t(`outcomes.${outcome}`) : text;
    }
    default:
      return text;
  }
}

const streams = ['KEY', 'ACTIVITY', 'AUTH', 'WORK', 'SYSTEM'] as const;
const outcomes = ['SUCCESS', 'FAILURE', 'DENIED'] as const;

/** A person's name, for those who may see people; the id otherwise. */
export function PersonName({ id }: { id: string }) {
  const allowed = useCan('PEOPLE_VIEW');
  const [{ data }] = useQuery({ query: PersonNameDocument, variables: { id }, pause: !allowed });
  return data?.person?.name ?? id;
}
