package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// HandoverFilter says which handovers. Conditions that are zero do not count; all others must hold.
type HandoverFilter struct {
	// Person gives or receives.
	Person id.ID
	Key    id.ID
	State  HandoverState
}

// Handovers lists handovers, newest first, as far as the actor's scope reaches.
func (s *Service) Handovers(ctx context.Context, actor *access.Actor, f HandoverFilter, request page.Request) (page.Page[*Handover], error) {
	var none page.Page[*Handover]
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	now := s.instant()
	query, args, err := f.compile(actor, s.people.Same(f.Person), scope, w, now)
	if err != nil {
		return none, err
	}
	var rows []*Handover
	if err := selectExpanded(ctx, s.db, &rows, query, args...); err != nil {
		return none, err
	}
	for _, h := range rows {
		h.asOf(now)
	}
	return page.Cut(w, rows, func(h *Handover) string { return timeCursor(h.RequestedAt, h.ID) }), s.ledger.AwaitRead(ctx)
}

// compile gives the statement for a page, one more than the window takes. person are all ids of the one asked for.
func (f *HandoverFilter) compile(actor *access.Actor, person []id.ID, scope access.Scope, w page.Window, now time.Time) (string, []any, error) {
	where := &mysql.Where{}
	handoversInScope(where, actor, scope)
	if !f.Person.IsZero() {
		where.And("(h.giver IN (?) OR h.receiver IN (?))", person, person)
	}
	if !f.Key.IsZero() {
		where.And("h.key_id = ?", f.Key)
	}
	switch f.State {
	case "":
	case HandoverPending:
		where.And("h.pending_key IS NOT NULL AND h.expires_at > ?", now)
	case HandoverExpired:
		where.And("h.state = ? AND h.expires_at <= ?", string(HandoverPending), now)
	default:
		where.And("h.state = ?", string(f.State))
	}
	order, err := newestFirst("h.requested_at", "h.id").window(w, where)
	if err != nil {
		return "", nil, err
	}
	from, args := f.from(actor, person, scope)
	return "SELECT " + handoverColumns + from + where.SQL() + order, append(args, where.Args(w.Limit+1)...), nil
}

// ofPerson leads to what one person gives, receives or asked for, his few of however many. The optimizer would not go
// along three indexes for conditions with OR.
const ofPerson = " FROM (SELECT id FROM key_handover WHERE giver IN (?) UNION SELECT id FROM key_handover WHERE receiver IN (?)" +
	" UNION SELECT id FROM key_handover WHERE requested_by IN (?)) m STRAIGHT_JOIN key_handover h ON h.id = m.id"

// from gives the tables in the order in which they lead to the fewest rows, and their arguments.
func (f *HandoverFilter) from(actor *access.Actor, person []id.ID, scope access.Scope) (string, []any) {
	if len(person) == 0 && scope != access.All && scope != access.Department && !actor.Person.IsZero() {
		person = actor.Persons()
	}
	switch {
	case len(person) > 0:
		return ofPerson, []any{person, person, person}
	case !f.Key.IsZero():
		return " FROM key_handover h FORCE INDEX (handover_of_key)", nil
	case f.State == HandoverPending: // never more than there are keys
		return " FROM key_handover h FORCE INDEX (handover_pending)", nil
	}
	return " FROM key_handover h FORCE INDEX (handover_time)", nil
}

// handoversInScope is seenBy in SQL.
func handoversInScope(where *mysql.Where, actor *access.Actor, scope access.Scope) {
	switch scope {
	case access.All:
	case access.Department:
		where.And("(h.giver_department = ? OR h.receiver_department = ? OR h.giver IN (?) OR h.receiver IN (?) OR h.requested_by IN (?))",
			actor.Department, actor.Department, actor.Persons(), actor.Persons(), actor.Persons())
	default:
		where.And("(h.giver IN (?) OR h.receiver IN (?) OR h.requested_by IN (?))", actor.Persons(), actor.Persons(), actor.Persons())
	}
}

// PendingHandovers gives the handover that waits of each key, for joins: the caller has seen the open loans.
func (s *Service) PendingHandovers(ctx context.Context, keys []id.ID) (map[id.ID]*Handover, error) {
	rows, err := selectHandovers(ctx, s.db, selectPendingHandover, keys, s.instant())
	if err != nil {
		return nil, err
	}
	pending := make(map[id.ID]*Handover, len(rows))
	for _, h := range rows {
		if h.State == HandoverPending {
			pending[h.KeyID] = h
		}
	}
	return pending, s.ledger.AwaitRead(ctx)
}

// LoansByID gives loans for joins, as far as the actor's scope reaches.
func (s *Service) LoansByID(ctx context.Context, actor *access.Actor, ids []id.ID) (map[id.ID]*Loan, error) {
	scope := s.access.ScopeOf(actor, access.KeysView)
	if scope == access.None {
		return nil, nil
	}
	loans, err := selectLoans(ctx, s.db, ids, s.instant())
	if err != nil {
		return nil, err
	}
	for one, l := range loans {
		if !scope.Reaches(actor, l.HolderID, l.Department) {
			delete(loans, one)
		}
	}
	return loans, s.ledger.AwaitRead(ctx)
}

const selectLastEnded = "(SELECT " + loanColumns + " FROM loan l FORCE INDEX (loan_of_key) WHERE l.key_id = ? AND l.returned_at IS NOT NULL" +
	" AND (l.ended_as IS NULL OR l.ended_as <> 'VOIDED') ORDER BY l.issued_at DESC, l.returned_at DESC LIMIT 1)"

// LastLoans gives of each key the loan that ended last, as far as the actor's scope reaches, for joins.
func (s *Service) LastLoans(ctx context.Context, actor *access.Actor, keys []id.ID) (map[id.ID]*Loan, error) {
	scope := s.access.ScopeOf(actor, access.KeysView)
	if scope == access.None || len(keys) == 0 {
		return nil, nil
	}
	var rows []*Loan
	if err := s.db.Select(ctx, &rows, eachKey(selectLastEnded, keys), keyArgs(keys)...); err != nil {
		return nil, err
	}
	last := make(map[id.ID]*Loan, len(rows))
	for _, l := range rows {
		if scope.Reaches(actor, l.HolderID, l.Department) {
			last[l.KeyID] = l
		}
	}
	return last, s.ledger.AwaitRead(ctx)
}
