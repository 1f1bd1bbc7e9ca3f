import { type Exchange, makeErrorResult } from 'urql';
import { filter, map, merge, pipe, share } from 'wonka';

/** Refuses mutations at once while the browser is off the network: nothing is kept to be sent later, unseen. */
export function refuseWhileOffline(online: () => boolean = () => navigator.onLine): Exchange {
  return ({ forward }) =>
    (operations) => {
      const shared = pipe(operations, share);
      const refused = pipe(
        shared,
        filter((operation) => operation.kind === 'mutation' && !online()),
        map((operation) => makeErrorResult(operation, new Error('the browser is offline'))),
      );
      const sent = pipe(
        shared,
        filter((operation) => operation.kind !== 'mutation' || online()),
        forward,
      );
      return merge([refused, sent]);
    };
}
