import { ApprovalLiveFragment } from '@/components/approvals/ApprovalFeed';
import { unmask } from '@/gql';
import type { ApprovalLiveFragment as Approval } from '@/gql/graphql';
import { failureOf } from '@/lib/graphql/failure';
import { newId } from '@/lib/uuid';
import { type Errand, failed, type Kit, tried } from '../errand';
import { DeskApprovalsDocument, DeskDecideDocument } from './documents';

/** Lists the issues that wait for this person as the second one, and goes on with the one whose key is named. */
export async function startApproving(kit: Kit): Promise<void> {
  const { data, error } = await kit.client
    .query(DeskApprovalsDocument, {}, { requestPolicy: 'network-only' })
    .toPromise();
  if (error) return failed(kit, failureOf(error), () => startApproving(kit));
  const approvals = data?.approvals.edges.map(({ node }) => unmask(ApprovalLiveFragment, node)) ?? [];
  if (approvals.length === 0) return kit.say({ kind: 'refused', why: 'noApproval', typed: '' });
  kit.say(null);
  kit.next(choosing(kit, approvals));
}

function choosing(kit: Kit, approvals: Approval[]): Errand {
  const pick = (approval: Approval) => kit.next(deciding(kit, approval));
  return {
    name: 'approve',
    asks: 'approval',
    shown: { kind: 'approvals', approvals, pick },
    enter: async (number) => {
      const found = approvals.find(({ keys }) => keys.some((key) => same(key.number, number)));
      if (!found) return kit.say({ kind: 'refused', why: 'noSuchApproval', typed: number });
      kit.say(null);
      pick(found);
    },
  };
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Enter approves, with a note or without; refusing has a key of its own. */
function deciding(kit: Kit, approval: Approval): Errand {
  return {
    name: 'approve',
    asks: 'decision',
    words: true,
    blank: true,
    shown: { kind: 'approval', approval },
    commands: [
      {
        key: 'F4',
        says: 'desk.commands.refuse',
        run: (note) => kit.inTurn(() => decide(kit, approval, false, note)),
      },
    ],
    enter: (note) => decide(kit, approval, true, note),
  };
}

async function decide(
  kit: Kit,
  approval: Approval,
  approve: boolean,
  note: string,
  idempotencyKey = newId(),
): Promise<void> {
  const input = { approval: approval.id, approve, note: note || null, idempotencyKey };
  const again = () => decide(kit, approval, approve, note, idempotencyKey);
  if (!(await tried(kit, DeskDecideDocument, { input }, again))) return;
  kit.next(null);
  kit.say({
    kind: 'done',
    what: approve ? 'approved' : 'turnedDown',
    number: approval.keys.map(({ number }) => number).join(', '),
    name: approval.holder.name,
  });
}
