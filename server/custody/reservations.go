package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// reservationsShown is how many reservations of one key a join gives.
const reservationsShown = 100

// ReservationFilter says which reservations. Conditions that are zero do not count; all others must hold.
type ReservationFilter struct {
	Key    id.ID
	Holder id.ID
	Group  id.ID
	// From and To bound the time: they end after the one, and begin before the other.
	From *time.Time
	To   *time.Time
	// States are the states wanted; none means ACTIVE.
	States []ReservationState
}

// Reservations lists reservations by when they begin, as far as the actor's right to see keys reaches.
func (s *Service) Reservations(ctx context.Context, actor *access.Actor, f ReservationFilter, request page.Request) (page.Page[*Reservation], error) {
	var none page.Page[*Reservation]
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
	reservationsInScope(where, actor, scope)
	f.conditions(where, s.people.Same(f.Holder), now)
	order, err := earliestFirst("r.from_at", "r.id").window(w, where)
	if err != nil {
		return none, err
	}
	var rows []*Reservation
	if err := selectExpanded(ctx, s.db, &rows, selectReservationRows+f.index(scope)+where.SQL()+order, where.Args(w.Limit+1)...); err != nil {
		return none, err
	}
	for _, r := range rows {
		r.asOf(now)
	}
	if err := s.showComments(ctx, actor, rows); err != nil {
		return none, err
	}
	return page.Cut(w, rows, func(r *Reservation) string { return timeCursor(r.From, r.ID) }), s.ledger.AwaitRead(ctx)
}

// onlyActive reports whether the filter lets through ACTIVE ones only.
func (f *ReservationFilter) onlyActive() bool {
	return len(f.States) == 0 || len(f.States) == 1 && f.States[0] == ReservationActive
}

// conditions are the filter's; holder are all ids of the one asked for.
func (f *ReservationFilter) conditions(where *mysql.Where, holder []id.ID, now time.Time) {
	if f.onlyActive() {
		where.And("r.held_key IS NOT NULL AND r.to_at > ?", now)
	} else {
		where.And(stateOfReservation+" IN (?)", now, f.States)
	}
	if !f.Key.IsZero() {
		where.And("r.key_id = ?", f.Key)
	}
	if !f.Holder.IsZero() {
		where.And("r.holder IN (?)", holder)
	}
	if !f.Group.IsZero() {
		where.And("EXISTS (SELECT 1 FROM key_group_key m WHERE m.key_group = ? AND m.key_id = r.key_id)", f.Group)
	}
	if f.From != nil {
		where.And("r.to_at > ?", inUTC(f.From))
	}
	if f.To != nil {
		where.And("r.from_at < ?", inUTC(f.To))
	}
}

// index names the index that leads to the fewest rows: those that lie ahead are never many.
func (f *ReservationFilter) index(scope access.Scope) string {
	switch {
	case !f.Key.IsZero():
		return " FORCE INDEX (reservation_of_key)"
	case !f.Holder.IsZero(), scope == access.Own:
		return " FORCE INDEX (reservation_of_holder)"
	case f.onlyActive():
		return " FORCE INDEX (reservation_to)"
	}
	return " FORCE INDEX (reservation_from)"
}

// reservationsInScope lets through what the actor's scope reaches, over r (reservation).
func reservationsInScope(where *mysql.Where, actor *access.Actor, scope access.Scope) {
	switch scope {
	case access.All:
	case access.Department:
		where.And("(r.department = ? OR r.holder IN (?))", actor.Department, actor.Persons())
	default:
		where.And("r.holder IN (?)", actor.Persons())
	}
}

// ReservationsAhead gives the ACTIVE reservations of keys that lie across the time from an instant (nil: now) to before
// another (nil: for good), as far as the actor's scope reaches, the earliest first and at most 100 a key, for joins.
func (s *Service) ReservationsAhead(ctx context.Context, actor *access.Actor, keys []id.ID, from, to *time.Time) (map[id.ID][]*Reservation, error) {
	scope, now := s.access.ScopeOf(actor, access.KeysView), s.instant()
	if scope == access.None || len(keys) == 0 {
		return nil, nil
	}
	begin, end := now, endOfTime()
	if from != nil {
		begin = *inUTC(from)
	}
	if to != nil {
		end = *inUTC(to)
	}
	query, args, err := mysql.In(selectHeldOfKeys, keys, now, begin, end, reservationsShown)
	if err != nil {
		return nil, err
	}
	var rows, seen []*Reservation
	if err := s.db.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	for _, r := range rows {
		if scope.Reaches(actor, r.HolderID, r.Department) {
			seen = append(seen, r)
		}
	}
	ahead := byKey(seen, now)
	if err := s.showComments(ctx, actor, seen); err != nil {
		return nil, err
	}
	return ahead, s.ledger.AwaitRead(ctx)
}

// showComments opens what was written with reservations, where the actor may see who has keys.
func (s *Service) showComments(ctx context.Context, actor *access.Actor, reservations []*Reservation) error {
	if actor.ShowsInitials() {
		return nil // a comment may name anybody
	}
	scope := s.access.ScopeOf(actor, access.KeysView)
	var open []*Reservation
	for _, r := range reservations {
		if scope.Reaches(actor, r.HolderID, r.Department) {
			open = append(open, r)
		}
	}
	return s.loadComments(ctx, s.db, open)
}
