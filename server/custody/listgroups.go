package custody

import (
	"context"
	"database/sql"
	"errors"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// Names of groups are sorted and compared without regard to case and accents.
const (
	collateNames       = " COLLATE utf8mb4_general_ci"
	groupColumns       = "g.id, g.name, g.default_minutes, g.default_until, g.curfew, g.version, g.created_at"
	keysOfGroup        = " FROM key_group_key n JOIN physical_key k ON k.id = n.key_id AND k.retired_at IS NULL"
	selectGroupByID    = "SELECT " + groupColumns + ", (SELECT COUNT(*)" + keysOfGroup + " WHERE n.key_group = g.id) AS key_count FROM key_group g WHERE g.id = ?"
	selectGroupsLocked = "SELECT id, name, default_minutes, default_until, curfew, version, created_at FROM key_group FORCE INDEX (PRIMARY) WHERE id IN (?) ORDER BY id FOR UPDATE"
	insertGroup        = "INSERT INTO key_group (id, name, version, created_at) VALUES (?, ?, ?, ?)"
	updateGroup        = "UPDATE key_group SET name = ?, version = version + 1 WHERE id = ?"
	insertMember       = "INSERT INTO key_group_key (key_group, key_id) VALUES "
	deleteMembers      = "DELETE FROM key_group_key WHERE key_group = ? AND key_id IN (?)"
	selectInUse        = "SELECT id FROM physical_key WHERE id IN (?) AND retired_at IS NULL"
	selectMembers      = "SELECT key_id FROM key_group_key WHERE key_group = ? ORDER BY key_id"
	selectMembersInUse = "SELECT m.key_id FROM key_group_key m JOIN physical_key k ON k.id = m.key_id AND k.retired_at IS NULL" +
		" WHERE m.key_group = ? ORDER BY m.key_id"
)

func oneGroup(ctx context.Context, q mysql.Querier, group id.ID) (*KeyGroup, error) {
	var g KeyGroup
	err := q.Get(ctx, &g, selectGroupByID, group)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noSuchGroup()
	}
	return &g, err
}

// keysReached is the FROM and WHERE of those keys of a group g that the scope reaches, and its values. Whoever may see
// only his own keys, or those of his department, reaches those that are held there now.
func keysReached(actor *access.Actor, scope access.Scope) (from string, args []any) {
	where := &mysql.Where{}
	where.And("n.key_group = g.id")
	loansInScope(where, actor, scope)
	from = keysOfGroup
	if scope != access.All {
		from += " JOIN loan l ON l.open_key = k.id"
	}
	return from + where.SQL(), where.Args()
}

// Groups lists the groups of keys by name, as far as the actor's scope reaches any of their keys, and counts those
// keys only.
func (s *Service) Groups(ctx context.Context, actor *access.Actor, request page.Request) (page.Page[*KeyGroup], error) {
	var none page.Page[*KeyGroup]
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	var where mysql.Where
	reached, args := keysReached(actor, scope)
	if scope != access.All {
		where.And("EXISTS (SELECT 1"+reached+")", args...)
	}
	order, err := byText("g.name"+collateNames, "g.id").window(w, &where)
	if err != nil {
		return none, err
	}
	var rows []*KeyGroup
	query := "SELECT " + groupColumns + ", (SELECT COUNT(*)" + reached + ") AS key_count FROM key_group g" + where.SQL() + order
	if err := selectExpanded(ctx, s.db, &rows, query, append(args, where.Args(w.Limit+1)...)...); err != nil {
		return none, err
	}
	return page.Cut(w, rows, func(g *KeyGroup) string { return textCursor(g.Name, g.ID) }), nil
}

// GroupsByKey gives the groups of keys, by name, for joins: the caller has seen the keys. As in Groups, only those
// groups are there of which the actor's scope reaches a key, and only such keys are counted.
func (s *Service) GroupsByKey(ctx context.Context, actor *access.Actor, keys []id.ID) (map[id.ID][]*KeyGroup, error) {
	scope := s.access.ScopeOf(actor, access.KeysView)
	if scope == access.None || len(keys) == 0 {
		return nil, nil
	}
	reached, args := keysReached(actor, scope)
	where := &mysql.Where{}
	where.And("m.key_id IN (?)", keys)
	if scope != access.All {
		where.And("EXISTS (SELECT 1"+reached+")", args...)
	}
	query, args, err := mysql.In("SELECT m.key_id, "+groupColumns+", (SELECT COUNT(*)"+reached+") AS key_count"+
		" FROM key_group_key m JOIN key_group g ON g.id = m.key_group"+where.SQL()+" ORDER BY g.name"+collateNames+", g.id",
		append(args, where.Args()...)...)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		KeyGroup
		Key id.ID `db:"key_id"`
	}
	if err := s.db.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	groups := make(map[id.ID][]*KeyGroup, len(keys))
	for i := range rows {
		groups[rows[i].Key] = append(groups[rows[i].Key], &rows[i].KeyGroup)
	}
	return groups, nil
}

// KeysOfGroup gives the ids of a group's keys, retired ones included, for readers of the ledger. An unknown
// group has none.
func (s *Service) KeysOfGroup(ctx context.Context, group id.ID) ([]id.ID, error) {
	var keys []id.ID
	return keys, s.db.Select(ctx, &keys, selectMembers, group)
}
