import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { type CountSubject, useCountName } from '@/components/explore/countName';
import { graphql, unmask } from '@/gql';
import type { FacetFragment as Counts, LogFilter } from '@/gql/graphql';
import type { TimelineSearch } from '@/lib/paths';
import { useFormats } from '@/lib/session/clock';
import classes from './Timeline.module.css';
import { useCountAgain } from './useCountAgain';

const FacetFragment = graphql(`
  fragment Facet on LogCounts {
    counts {
      key
      total
      title
      person {
        id
        name
      }
    }
  }
`);

const FacetsDocument = graphql(`
  query TimelineFacets($filter: LogFilter) {
    actor: logCounts(filter: $filter, by: PERSON) {
      ...Facet
    }
    action: logCounts(filter: $filter, by: ACTION) {
      ...Facet
    }
    module: logCounts(filter: $filter, by: MODULE) {
      ...Facet
    }
    outcome: logCounts(filter: $filter, by: OUTCOME) {
      ...Facet
    }
  }
`);

const subjects: readonly CountSubject[] = ['actor', 'action', 'module', 'outcome'];
type Count = Counts['counts'][number];

const shown = 8;

interface FacetsProps {
  filter: LogFilter;
  search: TimelineSearch;
  choose(change: TimelineSearch): void;
  /** How often they have been counted again. */
  counted: number;
}

/** What the entries of the filter are, by who acted, action, module and outcome, most first; each narrows the filter. */
export function Facets({ filter, search, choose, counted }: FacetsProps) {
  const { t } = useTranslation();
  const [{ data }, ask] = useQuery({
    query: FacetsDocument,
    variables: { filter },
    requestPolicy: 'cache-and-network',
  });
  useCountAgain(counted, ask);
  if (!data) return <aside className={classes.facets} aria-hidden="true" />;
  return (
    <aside className={classes.facets} aria-label={t('timeline.facets')}>
      {subjects.map((subject) => (
        <Facet
          key={subject}
          subject={subject}
          counts={unmask(FacetFragment, data[subject]).counts.filter((count) => count.key !== '')}
          chosen={search[subject]}
          choose={(key) => choose({ [subject]: key === search[subject] ? undefined : key })}
        />
      ))}
    </aside>
  );
}

interface FacetProps {
  subject: CountSubject;
  counts: Count[];
  chosen: string | undefined;
  choose(key: string): void;
}

function Facet({ subject, counts, chosen, choose }: FacetProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const nameOf = useCountName();
  if (counts.length === 0) return null;
  return (
    <section>
      <h2>{t(`timeline.by.${subject}`)}</h2>
      <ul>
        {counts.slice(0, shown).map((count) => (
          <li key={count.key}>
            <button type="button" aria-pressed={count.key === chosen} onClick={() => choose(count.key)}>
              <span>{nameOf(subject, count)}</span>
              <span>{formats.number(count.total)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
