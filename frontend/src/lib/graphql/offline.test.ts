import { Client, gql, type Operation } from 'urql';
import { expect, it } from 'vitest';
import { map, pipe } from 'wonka';
import { failureOf } from './failure';
import { refuseWhileOffline } from './offline';

it('refuses mutations without a connection, keeps none for later, and lets everything else pass', async () => {
  let online = false;
  const sent: string[] = [];
  const client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges: [
      refuseWhileOffline(() => online),
      () => (operations) =>
        pipe(
          operations,
          map((operation: Operation) => {
            sent.push(operation.kind);
            return { operation, data: { done: true }, stale: false, hasNext: false };
          }),
        ),
    ],
  });
  const mutate = () => client.mutation(gql('mutation M { done }'), {}).toPromise();
  const { error } = await mutate();
  expect(error && failureOf(error).code).toBe('NETWORK');
  await client.query(gql('query Q { done }'), {}).toPromise();
  expect(sent).not.toContain('mutation');
  online = true;
  expect((await mutate()).data).toEqual({ done: true });
  expect(sent.filter((kind) => kind === 'mutation')).toHaveLength(1);
});
