import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { useQuery, useSubscription } from 'urql';
import { graphql } from '@/gql';
import { useSession } from '@/lib/session/session';
import { useSoon } from '@/lib/useSoon';

/** What a list shows of an approval; kept current in the cache by the feed. */
export const ApprovalLiveFragment = graphql(`
  fragment ApprovalLive on Approval {
    id
    state
    requestedAt
    expiresAt
    dueAt
    comment
    overrideReason
    decidedAt
    note
    mayDecide
    keys {
      id
      number
      label
    }
    holder {
      id
      name
    }
    requestedBy {
      id
      name
    }
    decidedBy {
      id
      name
    }
  }
`);

const ApprovalFeedDocument = graphql(`
  subscription ApprovalFeed {
    approvalFeed {
      id
      ...ApprovalLive
    }
  }
`);

const WaitingApprovalsDocument = graphql(`
  query WaitingApprovals {
    approvals(filter: { states: [PENDING], mayDecide: true }, first: 100) {
      edges {
        node {
          id
        }
      }
    }
  }
`);

interface Approvals {
  /** How many wait that the caller may decide, up to 100; 0 for those who may decide none. */
  waiting: number;
  listeners: Set<() => void>;
}

const ApprovalsContext = createContext<Approvals>({ waiting: 0, listeners: new Set() });

/** Several changes at once are one question. */
const soon = 300;

/**
 * Owns the one subscription to approvals: it keeps them in the cache current, counts those that wait for the caller, and
 * tells whoever lists them. The feed has no cursor, so everything is asked for again once a broken connection is back.
 */
export function ApprovalFeed({ children }: { children: ReactNode }) {
  const { monitor, permissions } = useSession();
  const pause = !permissions.has('KEYS_APPROVE') || !permissions.has('KEYS_VIEW');
  const [listeners] = useState(() => new Set<() => void>());
  const [{ data }, ask] = useQuery({ query: WaitingApprovalsDocument, pause });
  const changed = useSoon(() => {
    ask({ requestPolicy: 'network-only' });
    for (const listener of listeners) listener();
  }, soon);
  useSubscription({ query: ApprovalFeedDocument, pause }, (_, next) => {
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
  const waiting = data?.approvals.edges.length ?? 0;
  return <ApprovalsContext.Provider value={{ waiting, listeners }}>{children}</ApprovalsContext.Provider>;
}

/** How many approvals wait for the caller. */
export function useWaitingApprovals(): number {
  return useContext(ApprovalsContext).waiting;
}

/** Calls back soon after approvals were asked for, decided or cancelled. */
export function useApprovalChanges(listener: () => void): void {
  const { listeners } = useContext(ApprovalsContext);
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
