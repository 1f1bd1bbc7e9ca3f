package custody

import (
	"context"
	"sort"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// DueFilter says which keys' loans are counted. Conditions that are zero do not count.
type DueFilter struct {
	Group    id.ID
	Building string
	Key      id.ID
	// KeyNumber is the number of a key in use.
	KeyNumber string
}

const selectDue = "SELECT l.due_at FROM loan l JOIN physical_key k ON k.id = l.key_id"

// DueByDay counts the open loans that are due on each of the days between bounds: n+1 ascending instants give n
// counts, and a loan due at a bound belongs to the day that begins there. What the actor may not see of keys
// does not count. What it gives may not be on disk yet: the caller waits for that once he has read everything.
func (s *Service) DueByDay(ctx context.Context, actor *access.Actor, bounds []time.Time, f DueFilter) ([]int, error) {
	days := len(bounds) - 1
	counts := make([]int, max(days, 0))
	scope := s.access.ScopeOf(actor, access.KeysView)
	if days < 1 || scope == access.None {
		return counts, nil
	}
	where := &mysql.Where{}
	where.And("l.returned_at IS NULL AND l.due_at >= ? AND l.due_at < ?", bounds[0], bounds[days])
	loansInScope(where, actor, scope)
	f.conditions(where)
	var due []time.Time
	if err := selectExpanded(ctx, s.db, &due, selectDue+where.SQL(), where.Args()...); err != nil {
		return nil, err
	}
	return perDay(due, bounds), nil
}

// perDay counts the instants that lie between each two of n+1 ascending bounds, none of them outside.
func perDay(instants, bounds []time.Time) []int {
	counts := make([]int, len(bounds)-1)
	for _, at := range instants {
		counts[sort.Search(len(counts), func(i int) bool { return bounds[i+1].After(at) })]++
	}
	return counts
}

func (f *DueFilter) conditions(where *mysql.Where) {
	if !f.Group.IsZero() {
		where.And("EXISTS (SELECT 1 FROM key_group_key m WHERE m.key_group = ? AND m.key_id = k.id)", f.Group)
	}
	if f.Building != "" {
		where.And("k.building = ?", f.Building)
	}
	if !f.Key.IsZero() {
		where.And("k.id = ?", f.Key)
	}
	if f.KeyNumber != "" {
		where.And("k.active_number IN (?)", spellings(f.KeyNumber))
	}
}
