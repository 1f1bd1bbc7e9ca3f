import { Button, Skeleton } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';
import { EmptyState } from '@/components/feedback/EmptyState';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { HandoverCard } from '@/components/handover/HandoverCard';
import { Instant } from '@/components/Instant';
import { useMovements } from '@/components/movement/MovementFeed';
import { MovementFragment } from '@/components/movement/movement';
import { Page } from '@/components/Page';
import { StateChip } from '@/components/StateChip';
import { graphql, unmask } from '@/gql';
import type { KeyPageQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { paths } from '@/lib/paths';
import { useCan } from '@/lib/session/session';
import { useSoon } from '@/lib/useSoon';
import { Custody } from './Custody';
import { DeskDialog, type DeskTask } from './DeskDialog';
import { KeyActions } from './KeyActions';
import { KeyForm } from './KeyForm';
import { KeyHistory } from './KeyHistory';
import classes from './KeyPage.module.css';
import { KeyReservations } from './KeyReservations';
import { deskAction, KeyRowFragment, placeOf } from './keyRow';
import { LastHolder } from './LastHolder';
import { RetireDialog } from './RetireDialog';
import { WaitingIssue } from './WaitingIssue';
import { useWaitingKeys } from './waiting';

const KeyPageDocument = graphql(`
  query KeyPage($id: ID!) {
    key(id: $id) {
      id
      category
      cabinet
      hook
      createdAt
      retiredAt
      kind
      approvalRequired
      copyOf {
        id
        number
      }
      ring {
        id
        name
      }
      groups {
        id
        name
      }
      loan {
        id
        handover {
          id
          state
          ...Handover
        }
      }
      ...KeyRow
      ...EditableKey
    }
  }
`);

type FoundKey = NonNullable<KeyPageQuery['key']>;

/** One key: where it is, who held it, what happened to it. */
export function KeyPage() {
  const { t } = useTranslation();
  const { keyId } = useParams({ from: '/keys/$keyId' });
  const [{ data, error, fetching }, ask] = useQuery({ query: KeyPageDocument, variables: { id: keyId } });
  const refresh = useSoon(() => ask({ requestPolicy: 'network-only' }), 200);
  useMovements((entry) => {
    if (unmask(MovementFragment, entry).key?.id === keyId) refresh();
  });

  if (error && !data) {
    return (
      <Page title={t('keys.title')}>
        <FailureNotice failure={failureOf(error)} retry={() => ask({ requestPolicy: 'network-only' })} />
      </Page>
    );
  }
  if (!data?.key) {
    return (
      <Page title={t('keys.title')}>
        {fetching || !data ? (
          <Skeleton height={320} />
        ) : (
          <EmptyState title={t('keys.unknown')} action={<Back />} />
        )}
      </Page>
    );
  }
  return <FoundKeyPage key={keyId} found={data.key} refresh={refresh} />;
}

function Back() {
  const { t } = useTranslation();
  return (
    <Button variant="default" renderRoot={(props) => <Link {...paths.keys()} {...props} />}>
      {t('keys.all')}
    </Button>
  );
}

function FoundKeyPage({ found, refresh }: { found: FoundKey; refresh(): void }) {
  const { t } = useTranslation();
  const key = unmask(KeyRowFragment, found);
  const mayIssue = useCan('KEYS_ISSUE');
  const mayManage = useCan('KEYS_MANAGE');
  const seesHistory = useCan('LOGS_KEYS_VIEW');
  const [task, setTask] = useState<DeskTask | null>(null);
  const [dialog, setDialog] = useState<'edit' | 'retire' | null>(null);
  const action = deskAction(key);
  const handover = found.loan?.handover;
  const waiting = useWaitingKeys(key.id).get(key.id);
  return (
    <Page
      title={t('keys.pageTitle', { number: key.number, label: key.label })}
      aside={
        <>
          <StateChip state={key.state} />
          <div className={classes.actions}>
            {mayIssue && action && (
              <Button onClick={() => setTask({ action, keys: [key] })}>{t(`keys.${action}`)}</Button>
            )}
            {mayManage && key.state !== 'RETIRED' && (
              <>
                <Button variant="default" onClick={() => setDialog('edit')}>
                  {t('keys.edit')}
                </Button>
                <Button variant="default" disabled={action === 'return'} onClick={() => setDialog('retire')}>
                  {t('keys.retire')}
                </Button>
              </>
            )}
            <KeyActions keyRow={key} />
          </div>
        </>
      }
    >
      {waiting && <WaitingIssue waiting={waiting} />}
      {handover?.state === 'PENDING' && (
        <section className={classes.waiting} aria-label={t('handover.waiting')}>
          <h2>{t('handover.waiting')}</h2>
          <HandoverCard key={handover.id} handover={handover} settled={refresh} />
        </section>
      )}
      <dl className={classes.facts}>
        {key.loan && (
          <>
            <Fact name={t('keys.holder')}>
              <strong>{key.loan.holder.name}</strong>
            </Fact>
            <Fact name={t('keys.issuedAt')}>
              <Instant at={key.loan.issuedAt} />
            </Fact>
            <Fact name={t('due.label')}>
              {key.loan.dueAt ? <Instant at={key.loan.dueAt} /> : t('due.openEnd')}
            </Fact>
          </>
        )}
        {key.state === 'LOST' && (
          <Fact name={t('keys.lastHolder')}>
            <LastHolder keyId={key.id} />
          </Fact>
        )}
        <Fact name={t('keys.place')}>{placeOf(key)}</Fact>
        <Fact name={t('keys.storage')}>{[found.cabinet, found.hook].filter(Boolean).join(' · ')}</Fact>
        <Fact name={t('keys.fields.category')}>{found.category}</Fact>
        <Fact name={t('keys.fields.kind')}>{found.kind !== 'STANDARD' && t(`keys.kinds.${found.kind}`)}</Fact>
        <Fact name={t('keys.fields.copyOf')}>
          {found.copyOf && <Link {...paths.key(found.copyOf.id)}>{found.copyOf.number}</Link>}
        </Fact>
        <Fact name={t('keys.fields.ring')}>{found.ring?.name}</Fact>
        <Fact name={t('keys.issuing')}>{found.approvalRequired && t('keys.approvalRequired')}</Fact>
        <Fact name={t('keys.fields.groups')}>{found.groups.map((group) => group.name).join(', ')}</Fact>
        <Fact name={t('keys.createdAt')}>
          <Instant at={found.createdAt} />
        </Fact>
        <Fact name={t('keys.retiredAt')}>{found.retiredAt && <Instant at={found.retiredAt} />}</Fact>
      </dl>
      <Custody keyId={key.id} />
      <KeyReservations
        keyId={key.id}
        number={key.number}
        usable={key.state !== 'RETIRED' && key.state !== 'LOST'}
      />
      {seesHistory && <KeyHistory keyId={key.id} />}
      <DeskDialog task={task} close={() => setTask(null)} />
      {dialog === 'edit' && <KeyForm existing={found} close={() => setDialog(null)} />}
      {dialog === 'retire' && <RetireDialog id={key.id} number={key.number} close={() => setDialog(null)} />}
    </Page>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  if (!children) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
