import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { SkeletonRows } from '@/components/feedback/SkeletonRows';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';
import type { OwnSessionsQuery } from '@/gql/graphql';
import { type Failure, failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { useSession } from '@/lib/session/session';
import classes from './Account.module.css';

const OwnSessionsDocument = graphql(`
  query OwnSessions($first: Int!, $after: Cursor) {
    sessions(first: $first, after: $after) {
      edges {
        node {
          id
          ip
          device
          location
          createdAt
          seenAt
          current
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const RevokeSessionDocument = graphql(`
  mutation RevokeSession($session: ID!) {
    revokeSession(input: { session: $session }) {
      session
    }
  }
`);

const EndOwnSessionsDocument = graphql(`
  mutation EndOwnSessions {
    endSessions(input: {}) {
      ended
    }
  }
`);

const endOf = (data: OwnSessionsQuery) => data.sessions.pageInfo;

/** Where one is signed in, and the way to end it. */
export function SessionsSection() {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { signOut } = useSession();
  const [failure, setFailure] = useState<Failure | null>(null);
  const pages = usePages(OwnSessionsDocument, { first: 20 }, endOf);
  const [, revoke] = useMutation(RevokeSessionDocument);
  const [{ fetching }, endAll] = useMutation(EndOwnSessionsDocument);
  const sessions = pages.pages.flatMap((page) => page.sessions.edges.map(({ node }) => node));

  const end = async (session: string) => {
    setFailure(null);
    const answer = await revoke({ session });
    if (answer.error) return setFailure(failureOf(answer.error));
    announce(t('account.ended'));
    pages.refresh();
  };
  const everywhere = async () => {
    setFailure(null);
    const answer = await endAll({});
    if (answer.error) return setFailure(failureOf(answer.error));
    await signOut();
  };
  return (
    <section className={classes.section} aria-labelledby="sessions">
      <h2 id="sessions">{t('account.sessions')}</h2>
      <p>{t('account.sessionsExplained')}</p>
      {pages.error && <FailureNotice failure={failureOf(pages.error)} retry={pages.refresh} />}
      {failure && <FailureNotice failure={failure} />}
      {pages.pages.length === 0 && !pages.error && <SkeletonRows rows={3} />}
      <ul className={classes.sessions}>
        {sessions.map((session) => {
          const device = session.device ?? t('account.unknownDevice');
          return (
            <li key={session.id} className={classes.session}>
              <div>
                <strong>{device}</strong>{' '}
                {session.current && <em className={classes.current}>{t('account.current')}</em>}
                <span>
                  {session.ip ?? t('account.unknownAddress')}
                  {session.location && ` (${session.location})`} · {t('account.since')}{' '}
                  <Instant at={session.createdAt} /> · {t('account.lastUse')} <Instant at={session.seenAt} />
                </span>
              </div>
              {!session.current && (
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => end(session.id)}
                  aria-label={t('account.endOne', { device })}
                >
                  {t('account.end')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {pages.hasMore && (
        <Button variant="default" onClick={pages.more} loading={pages.loading}>
          {t('common.more')}
        </Button>
      )}
      <Button variant="default" color="red" onClick={everywhere} loading={fetching}>
        {t('account.everywhere')}
      </Button>
    </section>
  );
}
