package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const selectReservedBetween = "SELECT r.from_at, r.to_at FROM reservation r FORCE INDEX (reservation_to) JOIN physical_key k ON k.id = r.key_id"

// ReservedByDay counts the reservations, neither used nor cancelled, that reach into each of the days between bounds, as
// DueByDay counts loans.
func (s *Service) ReservedByDay(ctx context.Context, actor *access.Actor, bounds []time.Time, f DueFilter) ([]int, error) {
	scope := s.access.ScopeOf(actor, access.KeysView)
	if len(bounds) < 2 || scope == access.None {
		return make([]int, max(len(bounds)-1, 0)), nil
	}
	where := reservedBetween(bounds)
	reservationsInScope(where, actor, scope)
	f.conditions(where)
	return s.countReserved(ctx, where, bounds)
}

// ReservedOnBoard is ReservedByDay for keys of groups, of all keys when none is named. It asks for no right: its caller has.
func (s *Service) ReservedOnBoard(ctx context.Context, groups []id.ID, bounds []time.Time) ([]int, error) {
	where := reservedBetween(bounds)
	keysIn(where, groups)
	return s.countReserved(ctx, where, bounds)
}

func reservedBetween(bounds []time.Time) *mysql.Where {
	where := &mysql.Where{}
	where.And("r.held_key IS NOT NULL AND r.to_at > ? AND r.from_at < ?", bounds[0], bounds[len(bounds)-1])
	return where
}

func (s *Service) countReserved(ctx context.Context, where *mysql.Where, bounds []time.Time) ([]int, error) {
	counts := make([]int, len(bounds)-1)
	var spans []struct {
		From time.Time `db:"from_at"`
		To   time.Time `db:"to_at"`
	}
	if err := selectExpanded(ctx, s.db, &spans, selectReservedBetween+where.SQL(), where.Args()...); err != nil {
		return nil, err
	}
	for _, span := range spans {
		for day := range counts {
			if span.From.Before(bounds[day+1]) && span.To.After(bounds[day]) {
				counts[day]++
			}
		}
	}
	return counts, nil
}
