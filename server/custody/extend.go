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
	Reason string
	// OverrideReason is why the loan goes on against a curfew or somebody's reservation: at most 500 characters, sealed.
	OverrideReason string
	IdempotencyKey string
}

func (in ExtendInput) checked() (ExtendInput, error) {
	var err error
	if in.Reason, err = prose("reason", in.Reason, MaxReason); err != nil {
		return in, err
	}
	in.OverrideReason, err = prose("overrideReason", in.OverrideReason, MaxReason)
	in.DueAt = *inUTC(&in.DueAt)
	return in, err
}

// LoanChange is a loan that changed, and the entry that says so.
type LoanChange struct {
	Loan  *Loan
	Entry ledger.Entry
}

// Extend moves the due time of an open loan on. CONFLICT for a loan that ended or has no due time, or that would run into
// somebody's reservation; BAD_USER_INPUT for a due time behind a curfew; NOT_FOUND when there is none that the actor may
// handle. The holder's own reservations are used up as by an issue.
func (s *Service) Extend(ctx context.Context, actor *access.Actor, in ExtendInput) (*LoanChange, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysIssue)
	if err != nil {
		return nil, err
	}
	if in, err = in.checked(); err != nil {
		return nil, err
	}
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
	if err := checkExtension(loan, place.key.Number, in.DueAt, now.In(s.zone)); err != nil {
		return nil, err
	}
	p, err := s.people.Lookup(ctx, loan.HolderID)
	if err != nil {
		return nil, err
	}
	t, err := s.termsOfExtension(ctx, tx, actor, *place, in, holderOf(p))
	if err != nil {
		return nil, err
	}
	drafts, err := s.goOn(ctx, tx, actor, *place, in, holderOf(p), t)
	if err != nil {
		return nil, err
	}
	entries, err := s.finish(ctx, tx, claim, drafts)
	if err != nil {
		return nil, err
	}
	return &LoanChange{Loan: loan.asOf(now), Entry: entries[0]}, nil
}

// termsOfExtension decides whether a loan may go on, or refuses. What it lay across before it was asked for is settled.
func (s *Service) termsOfExtension(ctx context.Context, tx *mysql.Tx, actor *access.Actor, p place, in ExtendInput, to holder) (terms, error) {
	d, t := desk{p}, terms{due: &in.DueAt}
	rules, err := selectRules(ctx, tx, d.ids())
	if err != nil {
		return t, err
	}
	mayOverride, override := s.overridesRules(actor), in.OverrideReason != ""
	if err := s.checkCurfew(d, rules, t.due, p.open.IssuedAt, mayOverride); err != nil {
		if t.overridden = override && mayOverride; !t.overridden {
			return t, err
		}
	}
	t.met, err = s.meet(ctx, tx, d, to, func(p place) period { return period{*p.open.DueAt, t.due} })
	if err == nil && len(t.broken) > 0 && !override {
		err = s.conflictReserved(actor, d, t.broken).overridable(fault.Say("extended"))
	}
	t.overridden = t.overridden || len(t.broken) > 0
	return t, err
}

// goOn stores the due time, and gives the entries that say so.
func (s *Service) goOn(ctx context.Context, tx *mysql.Tx, actor *access.Actor, p place, in ExtendInput, to holder, t terms) ([]ledger.Draft, error) {
	before := *p.open.DueAt
	p.open.DueAt = t.due
	if _, err := tx.Exec(ctx, updateLoanDue, p.open.DueAt, p.open.ID); err != nil {
		return nil, err
	}
	used, err := t.use(ctx, tx, p.open)
	if err != nil {
		return nil, err
	}
	now := s.instant()
	m := movement{
		action: ledger.KeyExtended, entry: id.New(), key: p.key, loan: p.open, holder: to, at: now,
		reason: in.Reason, refs: used, details: map[string]any{DetailPreviousDue: before},
	}
	if t.overridden {
		m.parts = []ledger.Part{to.about(FieldOverride, now, in.OverrideReason)}
	}
	broken, err := s.tellBroken(ctx, actor, desk{p}, []*Loan{p.open}, t.broken, in.OverrideReason)
	return append([]ledger.Draft{m.draft(actor)}, broken...), err
}

// checkExtension demands a due time that is later than the one there is, and not in the past.
func checkExtension(l *Loan, number string, due, now time.Time) error {
	switch {
	case l.DueAt == nil:
		return fault.New(fault.Conflict, "Key %s is out until further notice, so there is no due time to move.", number)
	case !due.After(*l.DueAt):
		return fault.Field("dueAt", "dueAt must lie after %s, when key %s is due now", shown(*l.DueAt, now), number)
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
