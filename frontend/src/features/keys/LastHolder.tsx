import { useQuery } from 'urql';
import { Instant } from '@/components/Instant';
import { graphql } from '@/gql';

const LastHolderDocument = graphql(`
  query LastHolder($key: ID!) {
    loans(filter: { key: $key }, first: 1) {
      edges {
        node {
          id
          returnedAt
          end
          holder {
            id
            name
          }
        }
      }
    }
  }
`);

/** Who had a lost key last, and when it went. */
export function LastHolder({ keyId }: { keyId: string }) {
  const [{ data }] = useQuery({
    query: LastHolderDocument,
    variables: { key: keyId },
    requestPolicy: 'cache-and-network',
  });
  const loan = data?.loans.edges[0]?.node;
  if (!loan) return '—';
  return (
    <>
      <strong>{loan.holder.name}</strong>
      {loan.returnedAt && (
        <>
          {' · '}
          <Instant at={loan.returnedAt} />
        </>
      )}
    </>
  );
}
