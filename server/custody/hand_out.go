package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// FieldOverride names the sealed part that says why keys went out against the rules or a reservation.
const FieldOverride = "override"

// handing is an issue that was decided on.
type handing struct {
	// by is in whose name the keys are issued, and actor who does it now: the second person, where one approves.
	by, actor *access.Actor
	in        IssueInput
	to        holder
	at        time.Time
	terms     terms
	// refs go with each entry of an issue.
	refs []ledger.Ref
	// first are entries that stand in front.
	first []ledger.Draft
}

// handOut makes the loans and records them: first what stands in front, then one entry a key in the order of the desk,
// then one for each reservation that was broken.
func (s *Service) handOut(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim, d desk, h handing) (*Movement, error) {
	made := &Movement{}
	issued := make([]ledger.Draft, len(d))
	for i, p := range d {
		loan := &Loan{
			ID: id.NewAt(h.at), KeyID: p.key.ID, HolderID: h.to.id, Department: h.to.department,
			IssuedByID: h.by.Person, IssuedAt: h.at, DueAt: h.terms.due, IssuedEntry: id.New(),
		}
		made.Loans = append(made.Loans, loan.asOf(s.instant()))
		issued[i] = h.draft(p.key, loan)
	}
	d.bind(issued)
	if err := insertLoans(ctx, tx, made.Loans); err != nil {
		return nil, err
	}
	for _, loan := range made.Loans {
		if _, err := h.terms.use(ctx, tx, loan); err != nil {
			return nil, err
		}
	}
	broken, err := s.tellBroken(ctx, h.actor, d, made.Loans, h.terms.broken, h.in.OverrideReason)
	if err != nil {
		return nil, err
	}
	made.Entries, err = s.finish(ctx, tx, claim, append(append(h.first, issued...), broken...))
	return made, err
}

// draft makes the entry of an issue.
func (h *handing) draft(key *Key, loan *Loan) ledger.Draft {
	d := movement{
		action: ledger.KeyIssued, entry: loan.IssuedEntry, key: key, loan: loan, holder: h.to,
		at: h.at, comment: h.in.Comment, reason: h.in.Reason,
	}.draft(h.by)
	d.Refs = append(append(d.Refs, h.refs...), h.terms.refs(key.ID)...)
	if h.terms.overridden {
		d.Parts = append(d.Parts, h.to.about(FieldOverride, h.at, h.in.OverrideReason))
	}
	return d
}

// ids gives the keys of the desk, in order.
func (d desk) ids() []id.ID {
	ids := make([]id.ID, len(d))
	for i, p := range d {
		ids[i] = p.key.ID
	}
	return ids
}

// checkUsable demands that no key is retired or lost.
func (d desk) checkUsable() error {
	for i, p := range d {
		if p.key.RetiredAt != nil {
			return member("keys", i, "key %s was retired: choose a key that is in use", p.key.Number)
		}
		if p.key.LostAt != nil {
			return member("keys", i, "key %s is lost: report it found first", p.key.Number)
		}
	}
	return nil
}

// needsApproval reports whether a key of the desk is marked.
func (d desk) needsApproval() bool {
	return len(d.where(func(p place) bool { return p.key.ApprovalRequired })) > 0
}
