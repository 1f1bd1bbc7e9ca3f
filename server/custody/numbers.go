package custody

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// NumbersOfGroups gives the numbers of the groups' keys in use, in natural order, as far as the actor's scope reaches.
func (s *Service) NumbersOfGroups(ctx context.Context, actor *access.Actor, groups []id.ID) (map[id.ID][]string, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	where := &mysql.Where{}
	where.And("n.key_group IN (?)", groups)
	loansInScope(where, actor, scope)
	from := keysOfGroup
	if scope != access.All {
		from += " JOIN loan l ON l.open_key = k.id"
	}
	var rows []struct {
		Group  id.ID  `db:"key_group"`
		Number string `db:"number"`
	}
	query := "SELECT n.key_group, k.number" + from + where.SQL() + " ORDER BY k.number_order"
	if err := selectExpanded(ctx, s.db, &rows, query, where.Args()...); err != nil {
		return nil, err
	}
	numbers := make(map[id.ID][]string, len(groups))
	for _, r := range rows {
		numbers[r.Group] = append(numbers[r.Group], r.Number)
	}
	return numbers, nil
}

const selectGroupNumbers = "SELECT id, number FROM key_group WHERE id IN (?)"

// NumbersForGroups gives the numbers by which clients of the key register know groups, for joins: the caller has seen the
// groups. A number never changes and is never given again.
func (s *Service) NumbersForGroups(ctx context.Context, groups []id.ID) (map[id.ID]int, error) {
	var rows []struct {
		ID     id.ID `db:"id"`
		Number int   `db:"number"`
	}
	if err := selectIn(ctx, s.db, &rows, selectGroupNumbers, groups); err != nil {
		return nil, err
	}
	numbers := make(map[id.ID]int, len(rows))
	for _, r := range rows {
		numbers[r.ID] = r.Number
	}
	return numbers, nil
}

const selectIDByNumber = "SELECT id, number FROM physical_key WHERE active_number IN (?)"

// InUseByNumber gives the keys in use that have these numbers, at most 5,000, for whoever may manage keys: by each as it was
// asked for.
func (s *Service) InUseByNumber(ctx context.Context, actor *access.Actor, numbers []string) (map[string]id.ID, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysManage); err != nil {
		return nil, err
	}
	if len(numbers) > MaxKeysOfGroup {
		return nil, fault.Field("keys", "%d keys were named; name at most %d", len(numbers), MaxKeysOfGroup)
	}
	found := make(map[string]id.ID, len(numbers))
	for some := range slices.Chunk(numbers, numbersAtOnce) {
		var rows []struct {
			ID     id.ID  `db:"id"`
			Number string `db:"number"`
		}
		if err := selectExpanded(ctx, s.db, &rows, selectIDByNumber, spellings(some...)); err != nil {
			return nil, err
		}
		known := make(map[string]id.ID, len(rows))
		for _, r := range rows {
			known[composed(r.Number)] = r.ID
		}
		for _, n := range some {
			if key, ok := known[composed(n)]; ok {
				found[n] = key
			}
		}
	}
	return found, nil
}
