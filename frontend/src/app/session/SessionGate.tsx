import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Provider as GraphqlProvider, useMutation, useQuery } from 'urql';
import { FailurePage } from '@/components/feedback/FailurePage';
import { graphql } from '@/gql';
import type { SessionQuery } from '@/gql/graphql';
import { openTransport, type Transport } from '@/lib/graphql/client';
import { failureOf } from '@/lib/graphql/failure';
import { setPasswordPath } from '@/lib/paths';
import { type Session, SessionContext } from '@/lib/session/session';
import { FirstPassword } from './FirstPassword';
import { FrameSkeleton } from './FrameSkeleton';
import { SetPassword } from './SetPassword';
import { SignIn } from './SignIn';
import { useOtherTabs } from './useOtherTabs';

const SessionDocument = graphql(`
  query Session {
    viewer {
      person {
        id
        name
      }
      account {
        id
        username
      }
      roles
      permissions {
        permission
        scope
      }
      mustChangePassword
    }
    server {
      version
      timeZone
      time
      sample
      ...SignInServer
    }
  }
`);

const SignOutDocument = graphql(`
  mutation SignOut {
    signOut
  }
`);

/** Why nobody is signed in. */
export type Absence = 'first' | 'signed-out' | 'ended';

/**
 * Lets the app in when somebody is signed in, and asks him to sign in otherwise. The address stays as it is
 * meanwhile, so that he comes to the page he asked for.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const [generation, setGeneration] = useState({ number: 0, absence: 'first' as Absence });
  const [opened, setOpened] = useState<{ transport: Transport; generation: number } | null>(null);
  const renew = useMemo(
    () => (absence: Absence) => setGeneration((former) => ({ number: former.number + 1, absence })),
    [],
  );
  const announce = useOtherTabs(() => renew('ended'));

  useEffect(() => {
    let current = true;
    // A new generation is a new session: it gets a cache and a socket of its own.
    const transport = openTransport(
      () => {
        if (current) renew('ended');
      },
      () => {
        // Roles were taken away: what the app offers follows.
        if (current)
          transport.client.query(SessionDocument, {}, { requestPolicy: 'network-only' }).toPromise();
      },
    );
    setOpened({ transport, generation: generation.number });
    return () => {
      current = false;
      transport.close();
    };
  }, [generation.number, renew]);

  if (opened?.generation !== generation.number) return <FrameSkeleton />;
  const { transport } = opened;
  if (window.location.pathname === setPasswordPath) {
    return (
      <GraphqlProvider value={transport.client}>
        <SetPassword done={() => renew('first')} />
      </GraphqlProvider>
    );
  }
  const changed = (absence: Absence) => {
    announce();
    renew(absence);
  };
  return (
    <GraphqlProvider value={transport.client} key={generation.number}>
      <Entrance transport={transport} absence={generation.absence} changed={changed}>
        {children}
      </Entrance>
    </GraphqlProvider>
  );
}

interface EntranceProps {
  transport: Transport;
  absence: Absence;
  changed(absence: Absence): void;
  children: ReactNode;
}

function Entrance({ transport, absence, changed, children }: EntranceProps) {
  const [{ data, error }, ask] = useQuery({ query: SessionDocument, requestPolicy: 'cache-first' });
  const [, signOut] = useMutation(SignOutDocument);
  const viewer = data?.viewer;
  const session = useMemo(() => {
    if (!data?.viewer) return null;
    const leave = async () => {
      await signOut({});
      changed('signed-out');
    };
    return sessionOf(data.viewer, data.server, transport, leave);
  }, [data, transport, signOut, changed]);

  if (!data) {
    if (!error) return <FrameSkeleton />;
    return <FailurePage failure={failureOf(error)} retry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  if (!viewer || !session) {
    return <SignIn server={data.server} absence={absence} signedIn={() => changed('first')} />;
  }
  if (viewer.mustChangePassword) {
    return <FirstPassword changed={() => changed('first')} signOut={session.signOut} />;
  }
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

function sessionOf(
  viewer: NonNullable<SessionQuery['viewer']>,
  server: SessionQuery['server'],
  transport: Transport,
  signOut: () => Promise<void>,
): Session {
  return {
    person: viewer.person,
    username: viewer.account.username,
    roles: viewer.roles,
    permissions: new Set(viewer.permissions.map((grant) => grant.permission)),
    everywhere: new Set(
      viewer.permissions.filter((grant) => grant.scope === 'ALL').map((grant) => grant.permission),
    ),
    server: { version: server.version, timeZone: server.timeZone, sample: server.sample },
    clockOffset: Date.parse(server.time) - Date.now(),
    monitor: transport.monitor,
    signOut,
  };
}
