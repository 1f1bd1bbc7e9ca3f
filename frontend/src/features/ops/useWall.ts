import { useEffect, useState } from 'react';
import { graphql, unmask } from '@/gql';
import type { WallFragment } from '@/gql/graphql';
import { openTransport, type Transport } from '@/lib/graphql/client';
import { failureOf } from '@/lib/graphql/failure';
import { wall } from '@/lib/paths';

const WallFragmentDocument = graphql(`
  fragment Wall on Wall {
    name
    at
    out
    overdue
    groups {
      id
      name
      keys
      out
      overdue
    }
    loans {
      key
      number
      label
      place
      holder
      issuedAt
      dueAt
      overdue
    }
    today {
      date
      issued
      returned
      due
    }
    calendar {
      timeZone
      days {
        date
        issued
        returned
        due
      }
    }
    movements {
      id
      action
      occurredAt
      number
      holder
    }
  }
`);

const WallFeedDocument = graphql(`
  subscription WallFeed {
    wallFeed {
      ...Wall
    }
  }
`);

const RequestPairingDocument = graphql(`
  mutation RequestPairing {
    requestPairing {
      code
      expiresAt
    }
  }
`);

const PairingDocument = graphql(`
  query Pairing {
    pairing
  }
`);

export type WallState = WallFragment;

/** What the display shows: a code that waits for an admin, or the wall and when it came, on this machine's clock. */
export interface Display {
  code: string | null;
  shown: { wall: WallState; arrivedAt: number } | null;
}

const askEvery = 3_000;
const askAgainAfter = 15_000;

/**
 * Keeps a display going for ever: it shows a code until somebody approves it, then follows the wall, and shows a new code
 * once its token has ended. A server that is away changes nothing but the age of what is shown.
 */
export function useWall(): Display {
  const [display, setDisplay] = useState<Display>({ code: null, shown: null });
  useEffect(() => {
    let left = false;
    let stop = () => {};
    // Each phase ends once: a refusal can come by two ways, and two codes asked for at once would share one cookie.
    const enter = (phase: (over: () => void) => () => void, next: () => void) => {
      let over = false;
      const end = phase(() => {
        if (over) return;
        over = true;
        setTimeout(() => {
          end();
          if (!left) next();
        }, 0);
      });
      stop = end;
    };
    const pair = () =>
      enter((approved) => waitForApproval((code) => setDisplay({ code, shown: null }), approved), follow);
    const follow = () =>
      enter(
        (refused) =>
          followWall(
            (shown) => setDisplay({ code: null, shown: { wall: shown, arrivedAt: Date.now() } }),
            refused,
          ),
        pair,
      );
    follow();
    return () => {
      left = true;
      stop();
    };
  }, []);
  return display;
}

/** Follows the wall until the display may not see it. The identity of a socket is fixed when it opens, so each has its own. */
function followWall(show: (wall: WallState) => void, refused: () => void): () => void {
  const transport = openTransport(refused, refused, wall.endpoint);
  const { unsubscribe } = transport.client.subscription(WallFeedDocument, {}).subscribe(({ data, error }) => {
    if (data) show(unmask(WallFragmentDocument, data.wallFeed));
    else if (error && failureOf(error).code === 'NOT_FOUND') refused();
  });
  return () => {
    unsubscribe();
    transport.close();
  };
}

/** Shows a code and asks until it is approved or over. */
function waitForApproval(show: (code: string) => void, settled: () => void): () => void {
  const transport = openTransport(
    () => {},
    () => {},
    wall.endpoint,
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const later = (run: () => Promise<void>, milliseconds: number) => {
    if (!stopped) timer = setTimeout(run, milliseconds);
  };
  const request = async (): Promise<void> => {
    const { data, error } = await transport.client.mutation(RequestPairingDocument, {}).toPromise();
    if (stopped) return;
    if (!data) return later(request, (error && waitOf(failureOf(error))) ?? askAgainAfter);
    show(data.requestPairing.code);
    later(() => ask(transport), askEvery);
  };
  const ask = async (way: Transport): Promise<void> => {
    const { data } = await way.client
      .query(PairingDocument, {}, { requestPolicy: 'network-only' })
      .toPromise();
    if (stopped) return;
    if (data?.pairing === false) return settled();
    later(() => ask(way), askEvery);
  };
  void request();
  return () => {
    stopped = true;
    clearTimeout(timer);
    transport.close();
  };
}

function waitOf({ retryAfterSeconds }: { retryAfterSeconds: number | null }): number | undefined {
  return retryAfterSeconds === null ? undefined : retryAfterSeconds * 1_000;
}
