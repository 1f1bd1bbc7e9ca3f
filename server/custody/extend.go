package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// DetailPreviousDue is when a loan was due before it was extended.
const DetailPreviousDue = "previousDueAt"

const (
	updateLoanDue = "UPDATE loan SET due_at = ? WHERE id = ?"
)

// ExtendInput moves a loan's due time on.
type ExtendInput struct {
	Loan  id.ID
	DueAt time.Time
	// Reason has at most 500 characters; it is kept sealed.
	Reason         string
	IdempotencyKey string
}

// LoanChange is a loan that changed, and the entry that says so.
type LoanChange struct {
	Loan  *Loan
	Entry ledger.Entry
}

// Extend moves the due time of an open loan on. CONFLICT for a loan that ended or has no due time, NOT_FOUND when
// there is none that the actor may handle.
func (s *Service) Extend(ctx context.Context, actor *access.Actor, in ExtendInput) (*LoanChange, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysIssue)
	if err != nil {
		return nil, err
	}
	if in.Reason, err = prose("reason", in.Reason, MaxReason); err != nil {
		return nil, err
	}
	in.DueAt = *inUTC(&in.DueAt)
	var made *LoanChange
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"extendLoan": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayLoan(ctx, tx, claim)
			return err
		}
		made, err = s.extend(ctx, tx, actor, scope, claim, in)
		return err
	})
	return made, err
}

func (s *Service) extend(ctx context.Context, tx *mysql.Tx, actor *access.Actor, scope access.Scope, claim *ledger.Claim, in ExtendInput) (*LoanChange, error) {
	place, asked, err := s.lockLoan(ctx, tx, in.Loan)
	if err != nil {
		return nil, err
	}
	if !scope.Reaches(actor, asked.HolderID, asked.Department) {
		return nil, noSuchLoan()
	}
	loan := place.open
	if loan == nil || loan.ID != in.Loan {
		return nil, fault.New(fault.Conflict, "This loan of key %s has ended, so there is nothing to extend.", place.key.Number)
	}
	now := s.instant()
	if err := checkExtension(loan, place.key.Number, in.DueAt, now); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, updateLoanDue, in.DueAt, loan.ID); err != nil {
		return nil, err
	}
	before := *loan.DueAt
	loan.DueAt = &in.DueAt
	p, err := s.people.Lookup(ctx, loan.HolderID)
	if err != nil {
		return nil, err
	}
	d := movement{
		action: ledger.KeyExtended, entry: id.New(), key: place.key, loan: loan, holder: holderOf(p), at: now,
		reason: in.Reason, details: map[string]any{DetailPreviousDue: before},
	}.draft(actor)
	entries, err := s.finish(ctx, tx, claim, []ledger.Draft{d})
	if err != nil {
		return nil, err
	}
	return &LoanChange{Loan: loan.asOf(now), Entry: entries[0]}, nil
}

// checkExtension demands a due time that is later than the one there is, and not in the past.
func checkExtension(l *Loan, number string, due, now time.Time) error {
	switch {
	case l.DueAt == nil:
		return fault.New(fault.Conflict, "Key %s is out until further notice, so there is no due time to move.", number)
	case !due.After(*l.DueAt):
		return fault.Field("dueAt", "dueAt must lie after %s, when key %s is due now", l.DueAt.Format(time.RFC3339), number)
	case !due.After(now):
		return fault.Field("dueAt", "dueAt lies in the past: choose a later time")
	}
	return checkDue(&due, l.IssuedAt, now)
}

// lockLoan locks the key of a loan, and gives it with its open loan, which may be another, and the loan as it was before.
func (s *Service) lockLoan(ctx context.Context, tx *mysql.Tx, loan id.ID) (*place, *Loan, error) {
	loans, err := selectLoans(ctx, tx, []id.ID{loan}, s.instant())
	if err != nil {
		return nil, nil, err
	}
	if loans[loan] == nil {
		return nil, nil, noSuchLoan()
	}
	p, err := s.lockPlace(ctx, tx, loans[loan].KeyID)
	return p, loans[loan], err
}

// lockPlace locks one key. NOT_FOUND when there is none.
func (s *Service) lockPlace(ctx context.Context, tx *mysql.Tx, key id.ID) (*place, error) {
	if key.IsZero() {
		return nil, noSuchKey()
	}
	d, err := s.lockDesk(ctx, tx, []id.ID{key})
	if fault.Is(err, fault.BadInput) {
		return nil, noSuchKey()
	}
	if err != nil {
		return nil, err
	}
	return &d[0], nil
}

func noSuchLoan() error { return fault.New(fault.NotFound, "There is no such loan.") }

// replayLoan gives the loan that a repeated request changed the first time, as it is now.
func (s *Service) replayLoan(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim) (*LoanChange, error) {
	moved, err := s.replayMovement(ctx, tx, claim)
	if err != nil {
		return nil, err
	}
	return &LoanChange{Loan: moved.Loans[0], Entry: moved.Entries[0]}, nil
}
