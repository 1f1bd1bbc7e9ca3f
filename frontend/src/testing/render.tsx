import { MantineProvider } from '@mantine/core';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { Client, fetchExchange, Provider as GraphqlProvider } from 'urql';
import { vi } from 'vitest';
import { Announcer } from '@/components/feedback/announce';
import type { Permission } from '@/gql/graphql';
import { normalisedCache } from '@/lib/graphql/cache';
import { ConnectionMonitor } from '@/lib/graphql/connection';
import { createTranslator, type Language } from '@/lib/i18n/i18n';
import { type Session, SessionContext } from '@/lib/session/session';

/** One request as the server would see it. */
export interface Asked {
  operationName: string;
  variables: Record<string, unknown>;
}

type Answer = { data?: unknown; errors?: unknown[] } | 'no answer';

/** Stands in for the server: answers by operation name, and remembers what was asked. */
export function fakeServer(answers: Record<string, (asked: Asked) => Answer>) {
  const asked: Asked[] = [];
  const fetch = vi.fn(async (_address: unknown, init?: RequestInit) => {
    const request = JSON.parse(String(init?.body)) as Asked;
    asked.push(request);
    const answer = answers[request.operationName]?.(request) ?? { data: {} };
    if (answer === 'no answer') throw new TypeError('the connection was refused');
    return new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } });
  });
  return { asked, fetch: fetch as unknown as typeof globalThis.fetch };
}

interface RenderOptions {
  fetch: typeof globalThis.fetch;
  permissions?: Permission[];
  /** Those of them that reach everything; all, if not given. */
  everywhere?: Permission[];
  language?: Language;
}

/** Renders with the providers of the app: texts, theme, cache, session. */
export function renderSignedIn(
  children: ReactNode,
  { fetch, permissions = [], everywhere = permissions, language = 'en' }: RenderOptions,
) {
  const client = new Client({
    url: 'http://server/graphql',
    fetch,
    preferGetMethod: false,
    exchanges: [normalisedCache(), fetchExchange],
  });
  const session: Session = {
    person: { id: 'p1', name: 'Anna Kalniņa' },
    username: 'anna',
    roles: ['custodian'],
    permissions: new Set(permissions),
    everywhere: new Set(everywhere),
    server: { version: 'test', timeZone: 'Europe/Riga', sample: false },
    clockOffset: 0,
    monitor: new ConnectionMonitor(),
    signOut: async () => {},
  };
  const view = render(
    <I18nextProvider i18n={createTranslator(language)}>
      <MantineProvider env="test">
        <Announcer>
          <GraphqlProvider value={client}>
            <SessionContext.Provider value={session}>{children}</SessionContext.Provider>
          </GraphqlProvider>
        </Announcer>
      </MantineProvider>
    </I18nextProvider>,
  );
  return { ...view, user: userEvent.setup() };
}
