import { describe, expect, it, vi } from 'vitest';
import { backoff, type FeedRequest, type FeedSink, follow } from './follow';

/** A server of which each subscription is under the test's hand. */
function setup() {
  const opened: { after: unknown; sink: FeedSink; released: boolean }[] = [];
  const waiting: (() => void)[] = [];
  const request: FeedRequest = { query: 'subscription', variables: { after: 'c0' } };
  const next = vi.fn();
  const ended = vi.fn();
  const stop = follow(
    (sent, sink) => {
      const subscription = { after: sent.variables.after, sink, released: false };
      opened.push(subscription);
      return () => {
        subscription.released = true;
      };
    },
    request,
    { next, ended },
    (run) => {
      waiting.push(run);
      return () => waiting.splice(waiting.indexOf(run), 1);
    },
  );
  const current = () => opened[opened.length - 1] as (typeof opened)[number];
  return { opened, waiting, request, next, ended, stop, current };
}

const entry = (cursor: string) => ({ data: { keyFeed: { cursor } } });

describe('a followed feed', () => {
  it('resumes after the last entry seen when the server completes it', () => {
    const { opened, waiting, next, current } = setup();
    current().sink.next(entry('c1'));
    current().sink.next(entry('c2'));
    current().sink.complete();
    waiting.shift()?.();
    expect(opened.map(({ after }) => after)).toEqual(['c0', 'c2']);
    expect(next).toHaveBeenCalledTimes(2);
  });

  it('moves the cursor inside the request that the socket resends by itself', () => {
    const { request, current } = setup();
    current().sink.next(entry('c7'));
    expect(request.variables.after).toBe('c7');
  });

  it('leaves the cursor alone for feeds without one', () => {
    const { request, current } = setup();
    current().sink.next({ data: { calendarFeed: { days: [] } } });
    expect(request.variables.after).toBe('c0');
  });

  it('starts again after a broken connection and after an error that may pass', () => {
    const { opened, waiting, ended, current } = setup();
    current().sink.error(new Error('gone'));
    waiting.shift()?.();
    current().sink.next({ errors: [{ message: 'later', extensions: { code: 'UNAVAILABLE' } }] });
    waiting.shift()?.();
    expect(opened).toHaveLength(3);
    expect(opened[1]?.released).toBe(true);
    expect(ended).not.toHaveBeenCalled();
  });

  it.each(['UNAUTHENTICATED', 'FORBIDDEN'])('ends when it is refused as %s', (code) => {
    const { waiting, ended, current } = setup();
    current().sink.error([{ message: 'no', extensions: { code } }]);
    expect(waiting).toHaveLength(0);
    expect(ended).toHaveBeenCalledWith(expect.objectContaining({ code }));
  });

  it('ends when the socket is closed as unauthorised', () => {
    const { ended, current } = setup();
    current().sink.error({ code: 4401, reason: 'Unauthorized' });
    expect(ended).toHaveBeenCalledWith(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });

  it('is silent and starts nothing once it was stopped', () => {
    const { opened, waiting, next, stop, current } = setup();
    const { sink } = current();
    stop();
    sink.next(entry('c1'));
    sink.complete();
    expect(current().released).toBe(true);
    expect(next).not.toHaveBeenCalled();
    expect(waiting).toHaveLength(0);
    expect(opened).toHaveLength(1);
  });

  it('waits longer after each failure, but not beyond a quarter of a minute', () => {
    expect([0, 1, 2, 3].map(backoff)).toEqual([300, 600, 1200, 2400]);
    expect(backoff(50)).toBe(15_000);
  });
});
