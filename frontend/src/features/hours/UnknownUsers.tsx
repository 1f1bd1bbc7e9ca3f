import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from 'urql';
import { useAnnounce } from '@/components/feedback/announce';
import { FailureNotice } from '@/components/feedback/FailureNotice';
import { graphql } from '@/gql';
import type { UnknownUsersQuery } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { usePages } from '@/lib/graphql/usePages';
import { useFormats, useToday } from '@/lib/session/clock';
import { AssignDialog, type NamedUser } from './AssignDialog';
import classes from './Hours.module.css';

const UnknownUsersDocument = graphql(`
  query UnknownUsers($first: Int!, $after: Cursor) {
    unknownWorkUsers(first: $first, after: $after) {
      edges {
        node {
          source
          user
          firstAt
          lastAt
          reports
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const DismissDocument = graphql(`
  mutation DismissWorkUser($input: DismissWorkUserInput!) {
    dismissWorkUser(input: $input) {
      dismissed
    }
  }
`);

const endOf = (data: UnknownUsersQuery) => data.unknownWorkUsers.pageInfo;

/** Users whom reports named and nobody is known by: each is somebody here, or nobody. Nothing is shown while there are none. */
export function UnknownUsers() {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [assigning, setAssigning] = useState<NamedUser | null>(null);
  const [{ fetching, error }, dismiss] = useMutation(DismissDocument);
  const list = usePages(UnknownUsersDocument, { first: 20 }, endOf);
  const users = list.pages.flatMap((page) => page.unknownWorkUsers.edges.map(({ node }) => node));
  if (list.error) return <FailureNotice failure={failureOf(list.error)} retry={list.refresh} />;
  if (users.length === 0) return null;
  const drop = async (named: NamedUser) => {
    const answer = await dismiss({ input: named });
    if (answer.error) return;
    announce(t('hours.unknown.dismissed', { user: named.user }));
    list.refresh();
  };
  return (
    <section className={classes.now} aria-labelledby="hours-unknown">
      <h2 id="hours-unknown">{t('hours.unknown.title')}</h2>
      <p className={classes.muted}>{t('hours.unknown.explained')}</p>
      {error && <FailureNotice failure={failureOf(error)} />}
      <ul className={classes.unknown}>
        {users.map((one) => (
          <UnknownUser
            key={`${one.source} ${one.user}`}
            one={one}
            busy={fetching}
            assign={setAssigning}
            dismiss={drop}
          />
        ))}
      </ul>
      {list.hasMore && (
        <Button className={classes.more} variant="default" onClick={list.more} loading={list.loading}>
          {t('hours.showMore')}
        </Button>
      )}
      {assigning && (
        <AssignDialog
          named={assigning}
          close={() => setAssigning(null)}
          done={() => {
            setAssigning(null);
            list.refresh();
          }}
        />
      )}
    </section>
  );
}

interface UnknownUserProps {
  one: UnknownUsersQuery['unknownWorkUsers']['edges'][number]['node'];
  busy: boolean;
  assign(named: NamedUser): void;
  dismiss(named: NamedUser): void;
}

function UnknownUser({ one, busy, assign, dismiss }: UnknownUserProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const today = useToday();
  const { source, user } = one;
  return (
    <li>
      <span>
        <strong>{user ?? t('hours.unknown.forgotten')}</strong>{' '}
        <span className={classes.muted}>
          {t('hours.unknown.from', { source, at: formats.compact(one.lastAt, today) })} ·{' '}
          {t('hours.unknown.reports', { count: Number(one.reports) })}
        </span>
      </span>
      {user && (
        <span className={classes.deeds}>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => assign({ source, user })}
            aria-label={t('hours.unknown.assignUser', { user })}
          >
            {t('hours.unknown.assign')}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={busy}
            onClick={() => dismiss({ source, user })}
            aria-label={t('hours.unknown.dismissUser', { user })}
          >
            {t('hours.unknown.dismiss')}
          </Button>
        </span>
      )}
    </li>
  );
}
