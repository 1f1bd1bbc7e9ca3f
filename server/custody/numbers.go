package custody

import (
	"context"
	"maps"
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
	asked := make(map[string][]string, len(numbers)) // by how they are kept
	for _, n := range numbers {
		asked[composed(n)] = append(asked[composed(n)], n)
	}
	found := make(map[string]id.ID, len(numbers))
	for some := range slices.Chunk(slices.Collect(maps.Keys(asked)), numbersAtOnce) {
		var kept []string
		for _, n := range some {
			kept = append(kept, spellings(n)...)
		}
		var rows []struct {
			ID     id.ID  `db:"id"`
			Number string `db:"number"`
		}
		if err := selectExpanded(ctx, s.db, &rows, selectIDByNumber, kept); err != nil {
			return nil, err
		}
		for _, r := range rows {
			for _, n := range asked[composed(r.Number)] {
				found[n] = r.ID
			}
		}
	}
	return found, nil
}
