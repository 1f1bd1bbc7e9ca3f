package custody

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// request is an issue that has to wait.
type request struct {
	in          IssueInput
	to          holder
	terms       terms
	mayOverride bool
}

// requestApproval has an issue wait for a second person: one approval for the whole action, and one entry a key.
func (s *Service) requestApproval(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, d desk, r request) (*Movement, error) {
	if r.in.OccurredAt != nil {
		return nil, fault.Field("occurredAt", "a second person has to approve one of these keys, which cannot be recorded afterwards: leave occurredAt out")
	}
	at := s.instant()
	a := &Approval{
		ID: id.NewAt(at), KeyIDs: d.ids(), HolderID: r.to.id, Department: r.to.department, RequestedByID: actor.Person,
		RequestedAt: at, ExpiresAt: at.Add(approvalLasts), DueAt: r.in.DueAt, DueDefault: r.in.DefaultDue,
		MayOverride: r.mayOverride, Source: actor.Source,
	}
	drafts := make([]ledger.Draft, len(d))
	for i, p := range d {
		drafts[i] = approving{ledger.KeyApprovalRequested, p.key, a, r.to}.draft(actor, at)
		if r.in.Comment != "" {
			drafts[i].Parts = append(drafts[i].Parts, r.to.about(ledger.FieldComment, at, r.in.Comment))
		}
		if r.terms.overridden {
			drafts[i].Parts = append(drafts[i].Parts, r.to.about(FieldOverride, at, r.in.OverrideReason))
		}
	}
	d.bind(drafts)
	entries, err := s.finish(ctx, tx, claim, drafts)
	if err != nil {
		return nil, err
	}
	a.RequestSeq = entries[0].Seq
	return &Movement{Entries: entries, Approvals: []*Approval{a.asOf(at)}}, storeApproval(ctx, tx, a)
}
