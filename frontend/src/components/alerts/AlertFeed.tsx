import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { useQuery, useSubscription } from 'urql';
import { graphql } from '@/gql';
import { useSession } from '@/lib/session/session';
import { useSoon } from '@/lib/useSoon';

/** What of an alert changes, or what a list shows of it; kept current in the cache by the feed. */
export const AlertLiveFragment = graphql(`
  fragment AlertLive on Alert {
    id
    rule
    severity
    state
    raisedAt
    lastAt
    evidence
    evidenceCount
    changedAt
    note
    ending
    groupName
    customRuleName
    unreadable
    key {
      id
      number
    }
    person {
      id
      name
    }
    changedBy {
      id
      name
    }
  }
`);

const AlertFeedDocument = graphql(`
  subscription AlertFeed {
    alertFeed {
      id
      ...AlertLive
    }
  }
`);

const OpenAlertsDocument = graphql(`
  query OpenAlerts {
    alerts(filter: { states: [OPEN] }, first: 1) {
      totalCount
    }
  }
`);

interface Alerts {
  /** How many alerts are open; 0 for those who may not see any. */
  open: number;
  listeners: Set<() => void>;
}

const AlertsContext = createContext<Alerts>({ open: 0, listeners: new Set() });

/** Several changes at once, as many failed sign-ins make, are one question. */
const soon = 400;

/**
 * Owns the one subscription to alerts: it keeps them in the cache current, counts the open ones, and tells whoever
 * lists them. The feed has no cursor, so everything is asked for again once a broken connection is back.
 */
export function AlertFeed({ children }: { children: ReactNode }) {
  const { monitor, permissions } = useSession();
  const pause = !permissions.has('ALERTS_VIEW');
  const [listeners] = useState(() => new Set<() => void>());
  const [{ data }, ask] = useQuery({ query: OpenAlertsDocument, pause });
  const changed = useSoon(() => {
    ask({ requestPolicy: 'network-only' });
    for (const listener of listeners) listener();
  }, soon);
  useSubscription({ query: AlertFeedDocument, pause }, (_, next) => {
    changed();
    return next;
  });
  useEffect(() => {
    if (pause) return;
    let state = monitor.snapshot().state;
    return monitor.subscribe(() => {
      const now = monitor.snapshot().state;
      if (now === 'live' && state !== 'live') changed();
      state = now;
    });
  }, [monitor, pause, changed]);
  const open = data?.alerts.totalCount ?? 0;
  return <AlertsContext.Provider value={{ open, listeners }}>{children}</AlertsContext.Provider>;
}

/** How many alerts are open. */
export function useOpenAlerts(): number {
  return useContext(AlertsContext).open;
}

/** Calls back soon after alerts were raised or changed. */
export function useAlertChanges(listener: () => void): void {
  const { listeners } = useContext(AlertsContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    const call = () => latest.current();
    listeners.add(call);
    return () => {
      listeners.delete(call);
    };
  }, [listeners]);
}
