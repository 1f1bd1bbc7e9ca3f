package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// LoanFilter says which loans. Conditions that are zero do not count; all others must hold.
type LoanFilter struct {
	Key    id.ID
	Holder id.ID
	// Open asks for open loans (true) or returned ones (false).
	Open *bool
	// Overdue asks for open loans whose due time has come (true), or for all others (false).
	Overdue *bool
	// DueFrom and DueTo bound the due time: from the one on, before the other.
	DueFrom *time.Time
	DueTo   *time.Time
	// HeldAt asks for loans that had begun and not ended at an instant.
	HeldAt *time.Time
}

// Loans lists loans, newest first, as far as the actor's scope reaches.
func (s *Service) Loans(ctx context.Context, actor *access.Actor, f LoanFilter, request page.Request) (page.Page[*Loan], error) {
	var none page.Page[*Loan]
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	now := s.instant()
	where := &mysql.Where{}
	loansInScope(where, actor, scope)
	f.conditions(where, now)
	if !f.Holder.IsZero() {
		where.And("l.holder IN (?)", s.people.Same(f.Holder))
	}
	order, err := newestFirst("l.issued_at", "l.id").window(w, where)
	if err != nil {
		return none, err
	}
	query := selectLoanRows + " FORCE INDEX (" + f.index(scope) + ")" + where.SQL() + order
	var rows []*Loan
	if err := selectExpanded(ctx, s.db, &rows, query, where.Args(w.Limit+1)...); err != nil {
		return none, err
	}
	for _, l := range rows {
		l.asOf(now)
	}
	return page.Cut(w, rows, func(l *Loan) string { return timeCursor(l.IssuedAt, l.ID) }), s.ledger.AwaitRead(ctx)
}

func (f *LoanFilter) conditions(where *mysql.Where, now time.Time) {
	if !f.Key.IsZero() {
		where.And("l.key_id = ?", f.Key)
	}
	if f.Open != nil {
		where.And(either(*f.Open, "l.open_key IS NOT NULL"))
	}
	if f.Overdue != nil {
		where.And(either(*f.Overdue, "l.open_key IS NOT NULL AND l.due_at IS NOT NULL AND l.due_at <= ?"), now)
	}
	if f.DueFrom != nil {
		where.And("l.due_at >= ?", inUTC(f.DueFrom))
	}
	if f.DueTo != nil {
		where.And("l.due_at < ?", inUTC(f.DueTo))
	}
	if f.HeldAt != nil {
		at := inUTC(f.HeldAt)
		where.And("l.issued_at <= ? AND (l.returned_at IS NULL OR l.returned_at > ?)", at, at)
	}
}

// either demands that a condition, which is never NULL, holds or does not hold.
func either(holds bool, condition string) string {
	if holds {
		return "(" + condition + ")"
	}
	return "NOT (" + condition + ")"
}

// index names the index that leads to the fewest rows: open loans are never more than there are keys.
func (f *LoanFilter) index(scope access.Scope) string {
	switch {
	case f.Open != nil && *f.Open, f.Overdue != nil && *f.Overdue:
		return openKeyIndex
	case !f.Key.IsZero():
		return "loan_of_key"
	case !f.Holder.IsZero(), scope == access.Own:
		return "loan_of_holder"
	}
	return "loan_issued"
}

// LoansOpenByKey gives the open loan of each key that is out, as far as the actor's scope reaches, for joins.
func (s *Service) LoansOpenByKey(ctx context.Context, actor *access.Actor, keys []id.ID) (map[id.ID]*Loan, error) {
	scope, now := s.access.ScopeOf(actor, access.KeysView), s.instant()
	if scope == access.None {
		return nil, nil
	}
	open, err := selectOpenLoans(ctx, s.db, keys)
	if err != nil {
		return nil, err
	}
	for key, l := range open {
		if !scope.Reaches(actor, l.HolderID, l.Department) {
			delete(open, key)
			continue
		}
		l.asOf(now)
	}
	return open, s.ledger.AwaitRead(ctx)
}

const selectOpenOfHolders = selectLoanRows + " FORCE INDEX (loan_of_holder) WHERE l.holder IN (?) AND l.open_key IS NOT NULL" +
	" ORDER BY l.issued_at DESC, l.id DESC"

// OpenLoansOf gives the open loans of persons, newest first, as far as the actor's scope reaches, for joins.
func (s *Service) OpenLoansOf(ctx context.Context, actor *access.Actor, persons []id.ID) (map[id.ID][]*Loan, error) {
	scope, now := s.access.ScopeOf(actor, access.KeysView), s.instant()
	if scope == access.None {
		return nil, nil
	}
	var rows []*Loan
	if err := selectIn(ctx, s.db, &rows, selectOpenOfHolders, s.withMerged(persons)); err != nil {
		return nil, err
	}
	loans := make(map[id.ID][]*Loan, len(persons))
	for _, l := range rows {
		if scope.Reaches(actor, l.HolderID, l.Department) {
			holder := s.people.True(l.HolderID)
			loans[holder] = append(loans[holder], l.asOf(now))
		}
	}
	return loans, s.ledger.AwaitRead(ctx)
}

// withMerged gives every id under which the persons may hold keys.
func (s *Service) withMerged(persons []id.ID) []id.ID {
	all := make([]id.ID, 0, len(persons))
	for _, person := range persons {
		all = append(all, s.people.Same(person)...)
	}
	return all
}
