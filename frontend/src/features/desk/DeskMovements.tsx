import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { EntryDrawer, type EntryTarget } from '@/components/entry/EntryDrawer';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { useMovements } from '@/components/movement/MovementFeed';
import { MovementRow } from '@/components/movement/MovementRow';
import { type Movement, MovementFragment, merged } from '@/components/movement/movement';
import { graphql, unmask } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import classes from './Desk.module.css';

const shown = 10;

const DeskMovementsDocument = graphql(`
  query DeskMovements($first: Int!) {
    keyLog(first: $first) {
      edges {
        node {
          id
          ...Movement
        }
      }
    }
  }
`);

/** The last movements, as they come. */
export function DeskMovements() {
  const { t } = useTranslation();
  const [{ data, error }, ask] = useQuery({
    query: DeskMovementsDocument,
    variables: { first: shown },
    requestPolicy: 'cache-and-network',
  });
  const [live, setLive] = useState<Movement[]>([]);
  const [opened, setOpened] = useState<EntryTarget | null>(null);
  useMovements((entry) => setLive((rows) => [unmask(MovementFragment, entry), ...rows].slice(0, shown)));
  const open = useCallback(({ seq }: Movement) => setOpened({ kind: 'KeyLogEntry', seq }), []);
  const loaded = data?.keyLog.edges.map(({ node }) => unmask(MovementFragment, node)) ?? [];
  return (
    <section className={classes.movements} aria-labelledby="desk-movements">
      <h2 id="desk-movements">{t('desk.movements')}</h2>
      {error && <FailureNotice failure={failureOf(error)} retry={() => ask()} />}
      {!data && !error && <SkeletonRows rows={shown} />}
      <ul>
        {merged(loaded, live)
          .slice(0, shown)
          .map((movement) => (
            <MovementRow key={movement.id} movement={movement} open={open} />
          ))}
      </ul>
      <EntryDrawer target={opened} close={() => setOpened(null)} />
    </section>
  );
}
