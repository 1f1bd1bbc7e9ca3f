import { SegmentedControl, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { useMovements } from '@/components/movement/MovementFeed';
import { MovementFragment } from '@/components/movement/movement';
import { graphql, unmask } from '@/gql';
import { failureOf } from '@/lib/graphql/failure';
import { useFormats, useNow } from '@/lib/session/clock';
import { useSoon } from '@/lib/useSoon';
import classes from './Custody.module.css';
import { type Holding, type Piece, pieces, shareOut } from './custody';
import page from './KeyPage.module.css';

const CustodyDocument = graphql(`
  query Custody($key: ID!) {
    loans(filter: { key: $key }, first: 500) {
      edges {
        node {
          id
          issuedAt
          dueAt
          returnedAt
          end
          holder {
            id
            name
          }
        }
      }
    }
  }
`);

const day = 86_400_000;
const ranges = ['30', '90', '365'] as const;
type Range = (typeof ranges)[number];
const ticks = 6;

/** Who held the key, as a bar over time; gaps are when it hung in its place. */
export function Custody({ keyId }: { keyId: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(60_000);
  const [range, setRange] = useState<Range>('30');
  const [{ data, error }, ask] = useQuery({ query: CustodyDocument, variables: { key: keyId } });
  const refresh = useSoon(() => ask({ requestPolicy: 'network-only' }), 200);
  useMovements((entry) => {
    if (unmask(MovementFragment, entry).key?.id === keyId) refresh();
  });

  const start = now - Number(range) * day;
  const holdings: Holding[] = custodies(data?.loans.edges ?? []).map((node) => ({
    id: node.id,
    holder: node.holder.name,
    from: Date.parse(node.issuedAt),
    due: node.dueAt ? Date.parse(node.dueAt) : null,
    to: node.returnedAt ? Date.parse(node.returnedAt) : null,
  }));
  const shown = pieces(holdings, start, now);
  const summary = t('custody.summary', {
    count: shown.length,
    share: formats.number(Math.round(shareOut(shown) * 100)),
  });
  return (
    <section className={page.section} aria-labelledby="custody">
      <div className={page.sectionHead}>
        <h2 id="custody">{t('custody.title')}</h2>
        <span className={classes.summary}>{data && summary}</span>
        <SegmentedControl
          size="xs"
          aria-label={t('custody.range')}
          value={range}
          onChange={(value) => setRange(value as Range)}
          data={ranges.map((value) => ({ value, label: t('custody.days', { count: Number(value) }) }))}
        />
      </div>
      {error && <FailureNotice failure={failureOf(error)} retry={() => ask()} />}
      {!data && !error && <Skeleton height={62} />}
      {data && (
        <>
          <ol className={classes.bar} aria-label={summary}>
            {shown.map((piece) => (
              <CustodyPiece key={piece.id} piece={piece} />
            ))}
          </ol>
          <div className={classes.axis} aria-hidden="true">
            {Array.from({ length: ticks }, (_, index) => {
              const at = start + ((now - start) * index) / (ticks - 1);
              return <span key={at}>{formats.shortDay(new Date(at).toISOString().slice(0, 10))}</span>;
            })}
          </div>
        </>
      )}
    </section>
  );
}

/** The loans during which somebody had the key; one that was issued by mistake was none. */
function custodies<Loan extends { end?: string | null }>(edges: readonly { node: Loan }[]): Loan[] {
  return edges.map(({ node }) => node).filter(({ end }) => end !== 'VOIDED');
}

function CustodyPiece({ piece }: { piece: Piece }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const at = (instant: number) => formats.dateTime(new Date(instant).toISOString());
  const to = piece.to === null ? t('custody.stillOut') : at(piece.to);
  const spoken = t('custody.piece', { name: piece.holder, from: at(piece.from), to });
  return (
    <li
      className={classes.piece}
      title={spoken}
      data-open={piece.to === null || undefined}
      style={{ left: `${piece.left}%`, width: `max(2px, ${piece.width}%)` }}
    >
      {piece.late > 0 && <span className={classes.late} style={{ width: `${piece.late}%` }} />}
      <span className={classes.name}>{piece.holder}</span>
      <span className={classes.spoken}>{spoken}</span>
    </li>
  );
}
