import type { ApprovalLiveFragment } from '@/gql/graphql';

export type Step = 'approve' | 'refuse' | 'cancel';

/** What a person may do about an approval: decide somebody else's, take his own back, and nothing once it is over. */
export function stepsFor(
  approval: Pick<ApprovalLiveFragment, 'state' | 'mayDecide' | 'requestedBy'>,
  person: string,
): Step[] {
  if (approval.state !== 'PENDING') return [];
  if (approval.requestedBy?.id === person) return ['cancel'];
  return approval.mayDecide ? ['refuse', 'approve'] : [];
}
