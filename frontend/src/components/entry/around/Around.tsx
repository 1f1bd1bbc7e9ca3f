import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import type { EntryCentreQuery, LogFilter } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { useSession } from '@/lib/session/session';
import { useStreams } from '../../explore/useStreams';
import { FailureNotice } from '../../feedback/FailureNotice';
import type { EntryTarget } from '../EntryDrawer';
import { nameOfThing } from '../thing';
import classes from './Around.module.css';
import { CentreDocument } from './aroundQuery';
import { Near } from './Near';
import { Then } from './Then';
import { windowAround } from './then';

type Centre = NonNullable<EntryCentreQuery['entry']>;

interface AroundProps {
  seq: string;
  /** Shows another entry. */
  open(target: EntryTarget): void;
}

/** What else happened: asked for only once it is opened, since whoever looks is on record. */
export function Around({ seq, open }: AroundProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <details className={classes.around} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{t('around.title')}</summary>
      {opened && <AroundEntry seq={seq} open={open} />}
    </details>
  );
}

function AroundEntry({ seq, open }: AroundProps) {
  const { t } = useTranslation();
  const maySeeEntries = useStreams().some((stream) => stream !== 'WORK');
  const { permissions } = useSession();
  const [{ data, error }, ask] = useQuery({ query: CentreDocument, variables: { seq } });
  if (error) return <FailureNotice failure={failureOf(error)} retry={() => ask()} />;
  if (!data) return <Skeleton height={160} />;
  const entry = data.entry;
  const person = entry && personOf(entry);
  if (!entry || (!person && !entry.entity)) return <p className={classes.none}>{t('around.nothing')}</p>;
  const { entity } = entry;
  const name = nameOfThing(entity);
  const history = name ? t('around.entity', { name }) : t('around.unnamed');
  const bulk = bulkOf(entry);
  return (
    <>
      {person && <Then person={person} at={entry.occurredAt} permissions={permissions} open={open} />}
      {maySeeEntries && person && (
        <Near
          title={t('around.person', { name: person.name })}
          filter={{ person: person.id, ...windowAround(entry.occurredAt) }}
          except={seq}
          open={open}
        />
      )}
      {maySeeEntries && entity && (
        <Near
          title={history}
          filter={{ entityType: entity.type, entity: entity.id }}
          except={seq}
          open={open}
        />
      )}
      {maySeeEntries && bulk && (
        <Near
          title={t('around.bulk')}
          note={t('around.bulkExplained')}
          filter={bulk.filter}
          bulkId={bulk.id}
          except={seq}
          open={open}
        />
      )}
    </>
  );
}

/** Whom an entry is about in the first place. */
function personOf(entry: Centre): { id: string; name: string } | null | undefined {
  if (entry.__typename === 'KeyLogEntry') return entry.holder ?? entry.actor;
  if (entry.__typename === 'WorkEntry') return entry.person;
  return entry.actor;
}

/** Where the other entries of a bulk change are looked for: near it, among what the same program sent. */
function bulkOf(entry: Centre): { id: string; filter: LogFilter } | undefined {
  if (entry.__typename !== 'ActivityEntry' || !entry.bulkId) return undefined;
  const filter: LogFilter = {
    streams: ['ACTIVITY'],
    source: entry.source,
    ...windowAround(entry.occurredAt),
  };
  return { id: entry.bulkId, filter };
}
