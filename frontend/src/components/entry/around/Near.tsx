import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import type { LogFilter } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { FailureNotice } from '../../feedback/FailureNotice';
import { Instant } from '../../Instant';
import { ActionMark } from '../ActionMark';
import type { EntryTarget } from '../EntryDrawer';
import { nameOfThing } from '../thing';
import classes from './Around.module.css';
import { NearDocument } from './aroundQuery';

const shown = 10;
/** How many entries are looked at for those of one bulk change. */
const lookedAt = 100;

interface NearProps {
  title: string;
  note?: string;
  filter: LogFilter;
  /** Only entries of this bulk change. */
  bulkId?: string;
  /** The entry that these are around. */
  except: string;
  open(target: EntryTarget): void;
}

/** The newest entries of a filter besides one; each can be opened. */
export function Near({ title, note, filter, bulkId, except, open }: NearProps) {
  const { t } = useTranslation();
  const [{ data, error }, ask] = useQuery({
    query: NearDocument,
    variables: { filter, first: bulkId ? lookedAt : shown + 1 },
    requestPolicy: 'cache-and-network',
  });
  const entries = (data?.timeline.edges ?? [])
    .map(({ node }) => node)
    .filter(({ seq }) => seq !== except)
    .filter((entry) => !bulkId || (entry.__typename === 'ActivityEntry' && entry.bulkId === bulkId))
    .slice(0, shown);
  return (
    <section>
      <h3>{title}</h3>
      {note && <p className={classes.none}>{note}</p>}
      {error && <FailureNotice failure={failureOf(error)} retry={() => ask()} />}
      {!data && !error && <Skeleton height={60} />}
      {data && entries.length === 0 && <p className={classes.none}>{t('around.nothing')}</p>}
      <ul>
        {entries.map((entry) => (
          <li key={entry.id}>
            <button type="button" onClick={() => open({ kind: entry.__typename, seq: entry.seq })}>
              <Instant at={entry.occurredAt} />
              <ActionMark
                action={entry.action}
                title={entry.__typename === 'ActivityEntry' ? entry.actionTitle : null}
              />
              <span>{nameOfThing(entry.entity)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
