package custody

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// FieldReason names the sealed part that says why something was done or is recorded afterwards.
const FieldReason = "reason"

// The entities and refs of the entries that this package appends.
const (
	EntityKey   = "key"
	EntityGroup = "key_group"
	RefLoan     = "loan"
	RefGroup    = "group"
	RefAdded    = "added"
	RefRemoved  = "removed"

	EntityRing     = "key_ring"
	RefReservation = "reservation"
	RefBrokenBy    = "broken_by" // the loan in spite of which a reservation stands
	RefApproval    = "approval"
	RefApprover    = "approver"
	RefRing        = "ring"
	RefBulk        = "bulk" // what moved together
)

// Movement is what issuing or returning made: one loan and one entry a key, in the order asked for.
type Movement struct {
	Loans   []*Loan
	Entries []ledger.Entry
	// Approvals holds the one request where keys wait for a second person; then there are no loans.
	Approvals []*Approval
}

// movement is a key that moves, for its entry.
type movement struct {
	action  string
	entry   id.ID
	key     *Key
	loan    *Loan
	holder  holder
	at      time.Time
	comment string
	reason  string
	// refs, details and parts are what the entry says besides.
	refs    []ledger.Ref
	details map[string]any
	parts   []ledger.Part
	// imported says that it was taken from another system, and inferred that it did not stand there.
	imported, inferred bool
}

// draft makes the entry, of which loan and holder may be missing: what, when and which key in plain, who holds it and what was written in sealed parts.
func (m movement) draft(actor *access.Actor) ledger.Draft {
	d := actor.Draft(ledger.StreamKey, m.action, m.at)
	d.ID = m.entry
	d.OccurredAt = m.at
	d.Person, d.Department = m.holder.id, m.holder.department
	d.Entity = ledger.Entity{Type: EntityKey, ID: m.key.ID.String(), Label: m.key.Number}
	if m.loan != nil {
		d.Refs = []ledger.Ref{{Role: RefLoan, Type: RefLoan, ID: m.loan.ID.String()}}
	}
	d.Details = m.plain()
	d.Refs = append(d.Refs, m.refs...)
	if !m.holder.erased && !m.holder.id.IsZero() {
		d.Parts = append(d.Parts, m.holder.about(ledger.FieldHolder, m.at, m.holder.details))
	}
	if m.comment != "" {
		d.Parts = append(d.Parts, m.holder.about(ledger.FieldComment, m.at, m.comment))
	}
	if m.reason != "" {
		d.Parts = append(d.Parts, m.holder.about(FieldReason, m.at, m.reason))
	}
	d.Parts = append(d.Parts, m.parts...)
	return d
}

// plain are the details of the entry, nil when there are none.
func (m movement) plain() map[string]any {
	details := maps.Clone(m.details)
	if details == nil {
		details = map[string]any{}
	}
	if m.loan != nil && m.loan.DueAt != nil {
		details["dueAt"] = *m.loan.DueAt
	}
	if m.imported {
		details["imported"] = true
	}
	if m.inferred {
		details["inferred"] = true
	}
	if len(details) == 0 {
		return nil
	}
	return details
}

// finish appends the entries and settles the claim, last in the transaction.
func (s *Service) finish(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim, drafts []ledger.Draft) ([]ledger.Entry, error) {
	entries, err := s.ledger.Append(ctx, tx, drafts...)
	if err != nil {
		return nil, err
	}
	return entries, claim.Settle(ctx, tx, entries)
}

// replayMovement gives what a repeated request made the first time.
func (s *Service) replayMovement(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim) (*Movement, error) {
	entries, err := s.ledger.ReadClaimed(ctx, tx, claim)
	if err != nil {
		return nil, err
	}
	ids, err := refsOf(entries, RefLoan)
	if err != nil {
		return nil, err
	}
	loans, err := selectLoans(ctx, tx, ids, s.instant())
	if err != nil {
		return nil, err
	}
	made := &Movement{Loans: inOrder(ids, loans), Entries: entries}
	made.Approvals, err = s.replayApprovals(ctx, tx, entries)
	return made, err
}

// refsOf gives what entries refer to in a role, each once, in order. Entries without such a ref are passed over.
func refsOf(entries []ledger.Entry, role string) ([]id.ID, error) {
	var ids []id.ID
	for i := range entries {
		text := entries[i].Ref(role)
		if text == "" {
			continue
		}
		one, err := id.Parse(text)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, one) {
			ids = append(ids, one)
		}
	}
	return ids, nil
}

// inOrder gives what was found in the order asked for, without what is missing.
func inOrder[T any](ids []id.ID, found map[id.ID]T) []T {
	ordered := make([]T, 0, len(ids))
	for _, one := range ids {
		if v, ok := found[one]; ok {
			ordered = append(ordered, v)
		}
	}
	return ordered
}
