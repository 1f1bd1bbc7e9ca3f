import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { PrivacyRequestCardFragment } from '@/gql/graphql';
import { files } from '@/lib/paths';
import classes from './Privacy.module.css';

export const RequestFragment = graphql(`
  fragment PrivacyRequestCard on PrivacyRequest {
    id
    person {
      id
      name
    }
    state
    requestedBy {
      id
      name
    }
    requestedAt
    reason
    decidedBy {
      id
      name
    }
    decidedAt
    note
    completedAt
    obstacles {
      kind
      count
    }
    mayDecide
  }
`);

/** What is to be done about which request. */
export interface Decision {
  approve: boolean;
  request: PrivacyRequestCardFragment;
}

interface RequestCardProps {
  request: PrivacyRequestCardFragment;
  decide(decision: Decision): void;
}

/** One request to erase a person, with what is in the way and what the reader may do about it. */
export function RequestCard({ request, decide }: RequestCardProps) {
  const { t, i18n } = useTranslation();
  const { person, obstacles, state } = request;
  const gone = state === 'ERASING' || state === 'ERASED';
  return (
    <li className={classes.card} data-state={state}>
      <div className={classes.what}>
        <strong>{gone ? t('privacy.nobody') : person.name}</strong>
        <span className={classes.state}>{t(`privacy.states.${state}`)}</span>
      </div>
      <dl className={classes.facts}>
        <Fact name={t('privacy.requestedBy')}>
          {request.requestedBy?.name ?? t('approvals.somebody')} · <Instant at={request.requestedAt} />
        </Fact>
        <Fact name={t('privacy.reason')}>{request.reason}</Fact>
        <Fact name={t('privacy.decidedBy')}>
          {request.decidedAt && (
            <>
              {request.decidedBy?.name ?? t('approvals.somebody')} · <Instant at={request.decidedAt} />
            </>
          )}
        </Fact>
        <Fact name={t('privacy.note')}>{request.note}</Fact>
        <Fact name={t('privacy.completedAt')}>
          {request.completedAt && <Instant at={request.completedAt} />}
        </Fact>
        <Fact name={t('privacy.pseudonym')}>{gone && <code>{person.id}</code>}</Fact>
        <Fact name={t('privacy.inTheWay')}>
          {obstacles.length > 0 &&
            obstacles.map(({ kind, count }) => t(`privacy.obstacles.${kind}`, { count })).join(', ')}
        </Fact>
      </dl>
      <div className={classes.buttons}>
        {request.mayDecide && (
          <>
            <Button
              size="sm"
              color="red"
              disabled={obstacles.length > 0}
              onClick={() => decide({ approve: true, request })}
              aria-label={t('privacy.approveWhat', { name: person.name })}
            >
              {t('privacy.approve')}
            </Button>
            <Button
              size="sm"
              variant="default"
              onClick={() => decide({ approve: false, request })}
              aria-label={t('privacy.refuseWhat', { name: person.name })}
            >
              {t('privacy.refuse')}
            </Button>
          </>
        )}
        {state === 'PENDING' && !request.mayDecide && <span>{t('privacy.another')}</span>}
        {state === 'ERASED' && (
          <Button
            component="a"
            size="sm"
            variant="default"
            href={files.certificate(request.id, i18n.language)}
            target="_blank"
            rel="noopener"
          >
            {t('privacy.certificate')}
          </Button>
        )}
      </div>
    </li>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
