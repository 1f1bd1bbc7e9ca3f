import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { type FragmentType, unmask } from '@/gql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { paths } from '@/lib/paths';
import { useCan, useSession } from '@/lib/session/session';
import { newId } from '@/lib/uuid';
import { useAnnounce } from '../feedback/announce';
import { FailureNotice } from '../feedback/FailureNotice';
import { Instant } from '../Instant';
import classes from './Handover.module.css';
import { AcceptHandoverDocument, CancelHandoverDocument, HandoverFragment } from './handover';

type Step = 'accepted' | 'declined' | 'cancelled';

interface HandoverCardProps {
  handover: FragmentType<typeof HandoverFragment>;
  /** Called once it no longer waits. */
  settled?: (() => void) | undefined;
}

/** A handover that waits, with what the caller may do: the receiver accepts or declines, the desk with his badge, the giver takes it back. */
export function HandoverCard({ handover, settled }: HandoverCardProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const me = useSession().person.id;
  const mayIssue = useCan('KEYS_ISSUE');
  const [badge, setBadge] = useState('');
  const [idempotencyKey] = useState(newId);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [deciding, accept] = useMutation(AcceptHandoverDocument);
  const [cancelling, cancel] = useMutation(CancelHandoverDocument);
  const { id, key, from, to, dueAt, expiresAt, requestedBy } = unmask(HandoverFragment, handover);
  const receives = to?.id === me;
  const gives = from?.id === me;
  const atDesk = mayIssue && !receives && !gives;

  const finish = (error: Parameters<typeof failureOf>[0] | undefined, step: Step) => {
    if (error) return setFailure(failureOf(error));
    announce(t(`handover.${step}`, { number: key.number }));
    settled?.();
  };
  const decide = async (yes: boolean) => {
    setFailure(null);
    const input = { handover: id, accept: yes, badge: badge.trim() || null };
    const { error } = await accept({
      input: { ...input, idempotencyKey: `${idempotencyKey}-${yes}-${badge.trim()}` },
    });
    finish(error, yes ? 'accepted' : 'declined');
  };
  const takeBack = async () => {
    setFailure(null);
    const { error } = await cancel({ input: { handover: id, idempotencyKey: `${idempotencyKey}-cancel` } });
    finish(error, 'cancelled');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!deciding.fetching) decide(true);
  };
  return (
    <form className={classes.card} onSubmit={submit}>
      <div className={classes.what}>
        <Link {...paths.key(key.id)}>
          <strong>{key.number}</strong> {key.label}
        </Link>
        <span>
          {t('handover.fromTo', {
            from: from?.name ?? t('handover.somebody'),
            to: receives ? t('handover.you') : (to?.name ?? t('handover.somebody')),
          })}
        </span>
        <span>
          {t('handover.until')} <Instant at={expiresAt} />
          {dueAt && (
            <>
              {' · '}
              {t('handover.due')} <Instant at={dueAt} />
            </>
          )}
        </span>
      </div>
      {atDesk && (
        <TextInput
          className={classes.badge}
          label={t('handover.badge')}
          description={t('handover.badgeHint')}
          value={badge}
          onChange={(event) => setBadge(event.currentTarget.value)}
          error={failure?.field === 'badge' ? failure.message : null}
          maxLength={100}
          autoComplete="off"
        />
      )}
      {failure && failure.field !== 'badge' && <FailureNotice failure={failure} />}
      <div className={classes.buttons}>
        {(receives || atDesk) && (
          <>
            <Button
              type="submit"
              size="sm"
              disabled={atDesk && badge.trim() === ''}
              loading={deciding.fetching}
              aria-label={t('handover.acceptKey', { number: key.number })}
            >
              {t('handover.accept')}
            </Button>
            <Button
              size="sm"
              variant="default"
              disabled={atDesk && badge.trim() === ''}
              onClick={() => decide(false)}
              aria-label={t('handover.declineKey', { number: key.number })}
            >
              {t('handover.decline')}
            </Button>
          </>
        )}
        {(gives || requestedBy?.id === me || atDesk) && (
          <Button size="sm" variant="default" onClick={takeBack} loading={cancelling.fetching}>
            {t('handover.cancel')}
          </Button>
        )}
      </div>
    </form>
  );
}
