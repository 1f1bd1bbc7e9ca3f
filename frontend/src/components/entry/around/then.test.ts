import { expect, it } from 'vitest';
import { justAfter, lastSaid, spanAt, windowAround } from './then';

it('looks five minutes to either side', () => {
  expect(windowAround('2026-11-26T10:00:00.000000Z')).toEqual({
    from: '2026-11-26T09:55:00.000Z',
    to: '2026-11-26T10:05:00.001Z',
  });
});

it('takes in what happened in the very moment', () => {
  expect(justAfter('2026-11-26T10:00:00.000999Z')).toBe('2026-11-26T10:00:00.001Z');
});

it.each([
  [['auth.sign_in_failed', 'auth.signed_in', 'auth.signed_out'], true],
  [['auth.session_expired', 'auth.signed_in'], false],
  [['auth.password_changed'], undefined],
  [[], undefined],
])('after %j it holds that somebody was in: %s', (actions, signedIn) => {
  expect(lastSaid(actions.map((action) => ({ action })))?.signedIn).toBe(signedIn);
});

it('finds the time of work around an instant, which does not include its end', () => {
  const spans = [{ from: '2026-11-26T08:00:00Z', to: '2026-11-26T10:00:00Z' }];
  expect(spanAt(spans, '2026-11-26T08:00:00Z')).toBe(spans[0]);
  expect(spanAt(spans, '2026-11-26T10:00:00Z')).toBeUndefined();
});
