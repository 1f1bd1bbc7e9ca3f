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
	collateNames    = " COLLATE utf8mb4_general_ci"
	selectGroupRows = "SELECT g.id, g.name, g.version, g.created_at, (SELECT COUNT(*) FROM key_group_key m" +
		" JOIN physical_key k ON k.id = m.key_id AND k.retired_at IS NULL WHERE m.key_group = g.id) AS key_count FROM key_group g"
	selectGroupByID    = selectGroupRows + " WHERE g.id = ?"
	selectGroupsLocked = "SELECT id, name, version, created_at FROM key_group FORCE INDEX (PRIMARY) WHERE id IN (?) ORDER BY id FOR UPDATE"
	insertGroup        = "INSERT INTO key_group (id, name, version, created_at) VALUES (?, ?, ?, ?)"
	updateGroup        = "UPDATE key_group SET name = ?, version = version + 1 WHERE id = ?"
	insertMember       = "INSERT INTO key_group_key (key_group, key_id) VALUES "
	deleteMembers      = "DELETE FROM key_group_key WHERE key_group = ? AND key_id IN (?)"
	selectInUse        = "SELECT id FROM physical_key WHERE id IN (?) AND retired_at IS NULL"
	selectMembers      = "SELECT key_id FROM key_group_key WHERE key_group = ? ORDER BY key_id"
	selectMembersInUse = "SELECT m.key_id FROM key_group_key m JOIN physical_key k ON k.id = m.key_id AND k.retired_at IS NULL" +
		" WHERE m.key_group = ? ORDER BY m.key_id"
	selectGroupsOfKeys = "SELECT m.key_id, g.id, g.name, g.version, g.created_at, (SELECT COUNT(*) FROM key_group_key n" +
		" JOIN physical_key k ON k.id = n.key_id AND k.retired_at IS NULL WHERE n.key_group = g.id) AS key_count" +
		" FROM key_group_key m JOIN key_group g ON g.id = m.key_group WHERE m.key_id IN (?) ORDER BY g.name" + collateNames + ", g.id"
)

func oneGroup(ctx context.Context, q mysql.Querier, group id.ID) (*KeyGroup, error) {
	var g KeyGroup
	err := q.Get(ctx, &g, selectGroupByID, group)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noSuchGroup()
	}
	return &g, err
}

// Groups lists the groups of keys by name.
func (s *Service) Groups(ctx context.Context, actor *access.Actor, request page.Request) (page.Page[*KeyGroup], error) {
	var none page.Page[*KeyGroup]
	if _, err := s.access.Require(ctx, actor, access.KeysView); err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	var where mysql.Where
	order, err := byText("g.name"+collateNames, "g.id").window(w, &where)
	if err != nil {
		return none, err
	}
	var rows []*KeyGroup
	if err := s.db.Select(ctx, &rows, selectGroupRows+where.SQL()+order, where.Args(w.Limit+1)...); err != nil {
		return none, err
	}
	return page.Cut(w, rows, func(g *KeyGroup) string { return textCursor(g.Name, g.ID) }), nil
}

// GroupsByKey gives the groups of keys, by name. It is meant for joins: the caller has seen the keys.
func (s *Service) GroupsByKey(ctx context.Context, keys []id.ID) (map[id.ID][]*KeyGroup, error) {
	var rows []struct {
		KeyGroup
		Key id.ID `db:"key_id"`
	}
	if err := selectIn(ctx, s.db, &rows, selectGroupsOfKeys, keys); err != nil {
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
