import { type Failure, failureOfWire, mayPass, unanswered } from './failure';

/** What is sent to start a subscription. `variables.after` moves forward while entries arrive. */
export interface FeedRequest {
  query: string;
  operationName?: string | undefined;
  variables: Record<string, unknown>;
}

/** One answer of a feed, as it travels. */
export interface FeedResult {
  data?: Record<string, unknown> | null | undefined;
  errors?: readonly { message: string; extensions?: Record<string, unknown> | undefined }[] | undefined;
}

export interface FeedSink {
  next(result: FeedResult): void;
  error(reason: unknown): void;
  complete(): void;
}

/** Starts a subscription and gives back what ends it. */
export type Subscribe = (request: FeedRequest, sink: FeedSink) => () => void;

export interface Follower {
  next(result: FeedResult): void;
  /** The feed is over for good: the right to it is gone. */
  ended(failure: Failure): void;
}

/** Calls back later; gives what cancels it. */
export type Later = (run: () => void, milliseconds: number) => () => void;

/**
 * Follows a feed for ever. Whenever it breaks or the server completes it (a restart does), it starts again
 * after the last entry seen, so that nothing is skipped and nothing repeated. Only a refusal ends it.
 *
 * The socket below resends `request` by itself after it reconnected; since the cursor is moved inside that very
 * object, such a silent resend resumes in the right place, too.
 */
export function follow(
  subscribe: Subscribe,
  request: FeedRequest,
  follower: Follower,
  later: Later,
): () => void {
  let stopped = false;
  let attempt = 0;
  let release = () => {};
  let cancelWait = () => {};

  const again = () => {
    if (stopped) return;
    cancelWait = later(start, backoff(attempt));
    attempt += 1;
  };
  const fail = (reason: unknown) => {
    if (stopped) return;
    const failure = failureOfReason(reason);
    if (mayPass(failure)) return again();
    stopped = true;
    follower.ended(failure);
  };
  const start = () => {
    release = subscribe(request, {
      next: (result) => {
        if (stopped) return;
        const refusal = result.errors?.[0];
        if (refusal) {
          release();
          return fail([refusal]);
        }
        attempt = 0;
        remember(request, result);
        follower.next(result);
      },
      error: fail,
      complete: again,
    });
  };

  start();
  return () => {
    stopped = true;
    cancelWait();
    release();
  };
}

/** Milliseconds before attempt n (from 0): doubling from 300 ms up to 15 s. */
export function backoff(attempt: number): number {
  return Math.min(15_000, 300 * 2 ** Math.min(attempt, 10));
}

function remember(request: FeedRequest, result: FeedResult): void {
  for (const value of Object.values(result.data ?? {})) {
    const cursor = (value as { cursor?: unknown } | null)?.cursor;
    if (typeof cursor === 'string') request.variables.after = cursor;
  }
}

function failureOfReason(reason: unknown): Failure {
  if (Array.isArray(reason) && reason[0]) return failureOfWire(reason[0]);
  const closed = reason as { code?: unknown; reason?: unknown } | null;
  if (closed?.code === 4401 || closed?.code === 4403) {
    const code = closed.code === 4401 ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    return failureOfWire({ message: String(closed.reason ?? ''), extensions: { code } });
  }
  return unanswered(reason instanceof Error ? reason.message : 'the connection was lost');
}
