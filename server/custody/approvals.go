package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// ApprovalFilter says which approvals. Conditions that are zero do not count; all others must hold.
type ApprovalFilter struct {
	Key    id.ID
	Holder id.ID
	States []ApprovalState
	// MayDecide asks for those that the actor may decide now (true), or for all others (false).
	MayDecide *bool
}

// Approvals lists approvals, newest first: those whose holder the actor's right to see keys reaches, and his own.
func (s *Service) Approvals(ctx context.Context, actor *access.Actor, f ApprovalFilter, request page.Request) (page.Page[*Approval], error) {
	var none page.Page[*Approval]
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	where := &mysql.Where{}
	approvalsInScope(where, actor, scope)
	now := s.instant()
	f.conditions(where, actor, s.people.Same(f.Holder), s.access.ScopeOf(actor, access.KeysApprove), now)
	order, err := newestByID("a.id", w, where)
	if err != nil {
		return none, err
	}
	var rows []*Approval
	if err := selectExpanded(ctx, s.db, &rows, selectApprovalRows+f.index()+where.SQL()+order, where.Args(w.Limit+1)...); err != nil {
		return none, err
	}
	for _, a := range rows {
		a.asOf(now)
	}
	if err := loadApprovalKeys(ctx, s.db, rows); err != nil {
		return none, err
	}
	if err := s.showApprovals(ctx, actor, rows); err != nil {
		return none, err
	}
	return page.Cut(w, rows, func(a *Approval) string { return page.Encode(a.ID[:]) }), s.ledger.AwaitRead(ctx)
}

// Approval gives one approval; nil when there is none that the actor may see.
func (s *Service) Approval(ctx context.Context, actor *access.Actor, one id.ID) (*Approval, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return nil, err
	}
	a, err := findApproval(ctx, s.db, selectApproval, one, s.instant())
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil || !a.seenFrom(actor, scope) {
		return nil, err
	}
	if err := s.showApprovals(ctx, actor, []*Approval{a}); err != nil {
		return nil, err
	}
	return a, s.ledger.AwaitRead(ctx)
}

// seenFrom reports whether an actor sees the approval whose right to see keys reaches so far.
func (a *Approval) seenFrom(actor *access.Actor, scope access.Scope) bool {
	return scope.Reaches(actor, a.HolderID, a.Department) || actor.Is(a.RequestedByID)
}

// approvalsInScope is seenFrom in SQL, over a.
func approvalsInScope(where *mysql.Where, actor *access.Actor, scope access.Scope) {
	switch scope {
	case access.All:
	case access.Department:
		where.And("(a.department = ? OR a.holder IN (?) OR a.requested_by IN (?))", actor.Department, actor.Persons(), actor.Persons())
	default:
		where.And("(a.holder IN (?) OR a.requested_by IN (?))", actor.Persons(), actor.Persons())
	}
}

// onlyPending reports whether the filter lets through approvals only that wait.
func (f *ApprovalFilter) onlyPending() bool {
	return len(f.States) == 1 && f.States[0] == ApprovalPending || f.MayDecide != nil && *f.MayDecide
}

// index names the index that leads to the fewest rows: those that wait are never many.
func (f *ApprovalFilter) index() string {
	switch {
	case f.onlyPending():
		return " FORCE INDEX (approval_state)"
	case !f.Holder.IsZero():
		return " FORCE INDEX (approval_of_holder)"
	}
	return ""
}

// conditions gives the filter in SQL, for an actor whose right to approve reaches so far; holder are all ids of the one asked for.
func (f *ApprovalFilter) conditions(where *mysql.Where, actor *access.Actor, holder []id.ID, approve access.Scope, now time.Time) {
	if !f.Key.IsZero() {
		where.And("a.id IN (SELECT k.approval FROM approval_key k WHERE k.key_id = ?)", f.Key)
	}
	if !f.Holder.IsZero() {
		where.And("a.holder IN (?)", holder)
	}
	switch {
	case f.onlyPending():
		where.And("a.state = 0 AND a.expires_at > ?", now)
	case len(f.States) > 0:
		where.And(stateOfApproval+" IN (?)", now, f.States)
	}
	if f.MayDecide == nil {
		return
	}
	if *f.MayDecide && len(f.States) > 0 {
		where.And(stateOfApproval+" IN (?)", now, f.States)
	}
	reach, args := decidable(actor, approve)
	where.And(either(*f.MayDecide, "a.state = 0 AND a.expires_at > ? AND "+reach), append([]any{now}, args...)...)
}

// decidable is the condition, never NULL, that an actor may decide whose right to approve reaches so far.
func decidable(actor *access.Actor, scope access.Scope) (string, []any) {
	const another = "COALESCE(a.requested_by, ?) NOT IN (?) AND a.holder NOT IN (?)"
	self := []any{make([]byte, len(id.ID{})), own(actor), own(actor)}
	switch scope {
	case access.All:
		return another, self
	case access.Department:
		return another + " AND a.department <=> ? AND a.department IS NOT NULL", append(self, actor.Department)
	}
	return "FALSE", nil
}

// own gives the actor's ids so that none of them is NULL, and that nobody's equals that of nobody.
func own(actor *access.Actor) [][]byte {
	var ids [][]byte
	for _, one := range actor.Persons() {
		ids = append(ids, one[:])
	}
	return ids
}

// showApprovals opens what was written with approvals for an actor who may see it, and says which he may decide.
func (s *Service) showApprovals(ctx context.Context, actor *access.Actor, approvals []*Approval) error {
	approve, view := s.access.ScopeOf(actor, access.KeysApprove), s.access.ScopeOf(actor, access.KeysView)
	var open []*Approval
	for _, a := range approvals {
		a.MayDecide = a.State == ApprovalPending && !a.concerns(actor) && approve.Reaches(actor, a.HolderID, a.Department)
		if a.seenFrom(actor, view) && !actor.ShowsInitials() {
			open = append(open, a)
		}
	}
	return s.loadWritten(ctx, s.db, open)
}

// loadWritten opens what was written with approvals.
func (s *Service) loadWritten(ctx context.Context, q mysql.Querier, approvals []*Approval) error {
	requests, decided := map[uint64]*Approval{}, map[uint64]*Approval{}
	var asked, answered []uint64
	for _, a := range approvals {
		asked, requests[a.RequestSeq] = append(asked, a.RequestSeq), a
		if a.DecisionSeq != nil {
			answered, decided[*a.DecisionSeq] = append(answered, *a.DecisionSeq), a
		}
	}
	comments, err := s.openTexts(ctx, q, asked, ledger.FieldComment)
	if err != nil {
		return err
	}
	reasons, err := s.openTexts(ctx, q, asked, FieldOverride)
	if err != nil {
		return err
	}
	notes, err := s.openTexts(ctx, q, answered, ledger.FieldComment)
	for seq, text := range comments {
		requests[seq].Comment = &text
	}
	for seq, text := range reasons {
		requests[seq].OverrideReason = &text
	}
	for seq, text := range notes {
		decided[seq].Note = &text
	}
	return err
}
