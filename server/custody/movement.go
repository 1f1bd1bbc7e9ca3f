package custody

import (
	"context"
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
)

// Movement is what issuing or returning made: one loan and one entry a key, in the order asked for.
type Movement struct {
	Loans   []*Loan
	Entries []ledger.Entry
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
	// imported says that it was taken from another system, and inferred that it did not stand there.
	imported, inferred bool
}

// draft makes the entry: what, when and which key in plain, who holds it and what was written in sealed parts.
func (m movement) draft(actor *access.Actor) ledger.Draft {
	d := actor.Draft(ledger.StreamKey, m.action, m.at)
	d.ID = m.entry
	d.OccurredAt = m.at
	d.Person, d.Department = m.holder.id, m.holder.department
	d.Entity = ledger.Entity{Type: EntityKey, ID: m.key.ID.String(), Label: m.key.Number}
	d.Refs = []ledger.Ref{{Role: RefLoan, Type: RefLoan, ID: m.loan.ID.String()}}
	d.Details = m.details()
	if !m.holder.erased {
		d.Parts = append(d.Parts, m.holder.about(ledger.FieldHolder, m.at, m.holder.details))
	}
	if m.comment != "" {
		d.Parts = append(d.Parts, m.holder.about(ledger.FieldComment, m.at, m.comment))
	}
	if m.reason != "" {
		d.Parts = append(d.Parts, m.holder.about(FieldReason, m.at, m.reason))
	}
	return d
}

// details are what is plain about the movement, nil when there is nothing.
func (m movement) details() map[string]any {
	details := map[string]any{}
	if m.loan.DueAt != nil {
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
	ids := make([]id.ID, 0, len(entries))
	for i := range entries {
		loan, err := id.Parse(entries[i].Ref(RefLoan))
		if err != nil {
			return nil, err
		}
		ids = append(ids, loan)
	}
	loans, err := selectLoans(ctx, tx, ids, s.instant())
	if err != nil {
		return nil, err
	}
	return &Movement{Loans: inOrder(ids, loans), Entries: entries}, nil
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
