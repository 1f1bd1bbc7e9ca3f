import { CombinedError } from 'urql';
import { describe, expect, it } from 'vitest';
import { failureOf, failureOfWire, mayPass } from './failure';

describe('a failure', () => {
  it('names the keys that are out and who holds them, however the holder is written', () => {
    const keys = [
      { number: '101', holder: 'Jānis' },
      { number: '102', holder: { name: 'Anna' } },
      { number: '103' },
    ];
    const failure = failureOfWire({ message: 'out', extensions: { code: 'CONFLICT', keys } });
    expect(failure.keys).toEqual([
      { number: '101', holder: 'Jānis' },
      { number: '102', holder: 'Anna' },
      { number: '103', holder: null },
    ]);
    expect(mayPass(failure)).toBe(false);
  });

  it('keeps the request number of an internal error', () => {
    const error = new CombinedError({
      graphQLErrors: [{ message: 'oops', extensions: { code: 'INTERNAL', requestId: 'r-1' } }],
    });
    expect(failureOf(error)).toMatchObject({ code: 'INTERNAL', requestId: 'r-1' });
  });

  it('without an answer is one of the network and may be tried again', () => {
    const failure = failureOf(new CombinedError({ networkError: new Error('refused') }));
    expect(failure.code).toBe('NETWORK');
    expect(mayPass(failure)).toBe(true);
  });

  it('with a code that this app does not know counts as internal', () => {
    expect(failureOfWire({ message: '', extensions: { code: 'NEW' } }).code).toBe('INTERNAL');
  });
});
