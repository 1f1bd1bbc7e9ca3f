package custody

import (
	"context"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	maxBuildings      = 500
	selectBuildings   = "SELECT DISTINCT building FROM physical_key WHERE retired_at IS NULL AND building <> '' ORDER BY building LIMIT ?"
	selectWithNumber  = "SELECT id FROM physical_key WHERE number_order IN (?) ORDER BY id LIMIT ?"
	maxKeysOfNumber   = 1000
	selectInBuilding  = "SELECT id FROM physical_key WHERE building = ? ORDER BY id LIMIT ?"
	maxKeysInBuilding = 100_000
)

// Key gives one key, by id or by the number of a key in use: name exactly one. nil when there is none that the
// actor may see.
func (s *Service) Key(ctx context.Context, actor *access.Actor, key id.ID, number string) (*Key, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return nil, err
	}
	if key.IsZero() == (number == "") {
		return nil, fault.Field("id", "name the key either by id or by number")
	}
	where := &mysql.Where{}
	loansInScope(where, actor, scope)
	if number = strings.TrimSpace(number); !key.IsZero() {
		where.And("k.id = ?", key)
	} else {
		where.And("k.active_number IN (?)", spellings(number))
	}
	now := s.instant()
	var rows []keyRow
	if err := selectExpanded(ctx, s.db, &rows, selectKeyRows+where.SQL(), append([]any{now, now}, where.Args()...)...); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return rows[0].at(now), s.ledger.AwaitRead(ctx)
}

// KeysByID gives keys for joins: the caller has seen a loan or an entry that names them. A key that is out beyond the
// actor's scope is AVAILABLE like one that is in, so that it does not tell what somebody else has now.
func (s *Service) KeysByID(ctx context.Context, actor *access.Actor, keys []id.ID) (map[id.ID]*Key, error) {
	scope, now := s.access.ScopeOf(actor, access.KeysView), s.instant()
	rows, err := selectKeyRowsByID(ctx, s.db, keys, now)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].seenFrom(actor, scope)
	}
	return keysAt(rows, now), s.ledger.AwaitRead(ctx)
}

// KeysWithNumber gives the ids of the key in use and of earlier keys with a number, for readers of the ledger.
func (s *Service) KeysWithNumber(ctx context.Context, number string) ([]id.ID, error) {
	var keys []id.ID
	return keys, selectExpanded(ctx, s.db, &keys, selectWithNumber, ordersOf(number), maxKeysOfNumber)
}

// KeysInBuilding gives the ids of the keys of a building, retired ones included, for readers of the ledger.
func (s *Service) KeysInBuilding(ctx context.Context, building string) ([]id.ID, error) {
	var keys []id.ID
	return keys, s.db.Select(ctx, &keys, selectInBuilding, building, maxKeysInBuilding)
}

// Buildings lists the buildings that keys in use belong to, at most 500, for a filter to choose from.
func (s *Service) Buildings(ctx context.Context, actor *access.Actor) ([]string, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysView); err != nil {
		return nil, err
	}
	var buildings []string
	return buildings, s.db.Select(ctx, &buildings, selectBuildings, maxBuildings)
}
