import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Instant } from '@/components/Instant';
import type { ApprovalLiveFragment } from '@/gql/graphql';
import { paths } from '@/lib/paths';
import { useSession } from '@/lib/session/session';
import classes from './Approvals.module.css';
import type { Decision } from './DecisionDialog';
import { stepsFor } from './steps';

interface ApprovalCardProps {
  approval: ApprovalLiveFragment;
  decide(decision: Decision): void;
}

/** One issue that waits for a second person or was decided, with what the reader may do about it. */
export function ApprovalCard({ approval, decide }: ApprovalCardProps) {
  const { t } = useTranslation();
  const { person } = useSession();
  const numbers = approval.keys.map(({ number }) => number).join(', ');
  return (
    <li className={classes.card} data-state={approval.state}>
      <div className={classes.what}>
        <strong>
          {approval.keys.map((key, index) => (
            <span key={key.id}>
              {index > 0 && ', '}
              <Link {...paths.key(key.id)}>{key.number}</Link> {key.label}
            </span>
          ))}
        </strong>
        <span>{t('approvals.for', { name: approval.holder.name })}</span>
        <span className={classes.state}>{t(`approvals.states.${approval.state}`)}</span>
      </div>
      <dl className={classes.facts}>
        <Fact name={t('approvals.requestedBy')}>
          {approval.requestedBy?.name ?? t('approvals.somebody')} · <Instant at={approval.requestedAt} />
        </Fact>
        <Fact name={t('due.label')}>{approval.dueAt && <Instant at={approval.dueAt} />}</Fact>
        <Fact name={t('keys.comment')}>{approval.comment}</Fact>
        <Fact name={t('override.reason')}>{approval.overrideReason}</Fact>
        {approval.state === 'PENDING' ? (
          <Fact name={t('approvals.expires')}>
            <Instant at={approval.expiresAt} />
          </Fact>
        ) : (
          <Fact name={t('approvals.decidedBy')}>
            {approval.decidedAt && (
              <>
                {approval.decidedBy?.name ?? t('approvals.somebody')} · <Instant at={approval.decidedAt} />
              </>
            )}
          </Fact>
        )}
        <Fact name={t('approvals.note')}>{approval.note}</Fact>
      </dl>
      <div className={classes.buttons}>
        {stepsFor(approval, person.id).map((step) => (
          <Button
            key={step}
            size="sm"
            variant={step === 'approve' ? 'filled' : 'default'}
            onClick={() => decide({ step, approval })}
            aria-label={t(`approvals.${step}What`, { numbers, name: approval.holder.name })}
          >
            {t(`approvals.${step}`)}
          </Button>
        ))}
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
