package logbook

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// maxTypes is among how many types of entities an id alone is looked for along an index.
	maxTypes = 200

	// One type after the other, since whether DISTINCT skips what lies between is up to the server's mood.
	selectNextType = "SELECT entity_type FROM entry_index FORCE INDEX (entity_time) WHERE entity_type > ? ORDER BY entity_type, entity_id LIMIT 1"
	selectHasID    = "SELECT EXISTS (SELECT 1 FROM entry_index FORCE INDEX (entity_time) WHERE entity_type = ? AND entity_id = ?)"
	// The first type may be "", which is behind no other.
	selectFirstTouched = "SELECT object_type FROM entry_object FORCE INDEX (PRIMARY) WHERE object_id = ? ORDER BY object_type LIMIT 1"
	selectNextTouched  = "SELECT object_type FROM entry_object FORCE INDEX (PRIMARY) WHERE object_id = ? AND object_type > ? ORDER BY object_type LIMIT 1"

	// Not EXISTS, which the server may turn into going through the whole index once.
	touches      = "(SELECT 1 FROM entry_object x FORCE INDEX (entry_object_seq) WHERE x.seq = i.seq AND x.object_id = ?"
	touchesAtAll = touches + " LIMIT 1) = 1"
	touchesOf    = touches + " AND x.object_type = ? LIMIT 1) = 1"
)

// lookUpTypes finds of which types there are entities with the id, where the filter names no type: the index of entities
// begins with it. Both kinds of types stay nil where there are too many to look along each.
func (s *Service) lookUpTypes(ctx context.Context, q *query) error {
	q.types, q.touchedTypes = nil, nil
	if q.Entity == "" || q.EntityType != "" || q.keys != nil {
		return nil
	}
	types, err := s.typesOf(ctx, q.Entity)
	if err != nil || types == nil {
		return err
	}
	touched, err := s.touchedTypesOf(ctx, q.Entity)
	if err != nil || len(types)+len(touched) > maxBranches {
		return err
	}
	q.types, q.touchedTypes = types, touched
	return nil
}

// typesOf gives the types that have an entity with the id, nil where there are too many.
func (s *Service) typesOf(ctx context.Context, entity string) ([]string, error) {
	types := []string{}
	for n, one := 0, ""; n < maxTypes; n++ {
		var has bool
		if err := s.db.Get(ctx, &has, selectHasID, one, entity); err != nil {
			return nil, err
		}
		if has {
			types = append(types, one)
		}
		if len(types) > maxBranches {
			return nil, nil
		}
		if err := s.db.Get(ctx, &one, selectNextType, one); errors.Is(err, sql.ErrNoRows) {
			return types, nil
		} else if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// touchedTypesOf gives the types that have a thing with the id which a bulk change touched; more than maxBranches of them
// are not all of them.
func (s *Service) touchedTypesOf(ctx context.Context, object string) ([]string, error) {
	var types []string
	var one string
	for err := s.db.Get(ctx, &one, selectFirstTouched, object); ; err = s.db.Get(ctx, &one, selectNextTouched, object, one) {
		if errors.Is(err, sql.ErrNoRows) {
			return types, nil
		}
		if err != nil {
			return nil, err
		}
		if types = append(types, one); len(types) > maxBranches {
			return types, nil
		}
	}
}

// ofEntity gives the branches to the entries about the entity and to those of bulk changes that touched it, for each type
// that has one with the id.
func (q *query) ofEntity() []branch {
	types, touched := q.types, q.touchedTypes
	if q.EntityType != "" {
		types = []string{q.EntityType}
		touched = types
	}
	branches := make([]branch, 0, len(types)+len(touched))
	for _, one := range types {
		about := alongEntity(one, q.Entity)
		about.settles = isOfEntity
		branches = append(branches, about)
	}
	for _, one := range touched {
		branches = append(branches, branch{
			index: byObject, condition: "o.object_id = ? AND o.object_type = ?", args: []any{q.Entity, one}, settles: isOfEntity,
		})
	}
	return branches
}

// alongEntity is the branch to the entries of one entity.
func alongEntity(entityType, entity string) branch {
	return branch{index: "entity_time", condition: "i.entity_type = ? AND i.entity_id = ?", args: []any{entityType, entity}}
}

// whereEntity adds the conditions on the entity to those of a branch that does not lead to it. A type alone is that of what
// the entry is about.
func (q *query) whereEntity(where *mysql.Where) {
	switch {
	case q.Entity == "" && q.EntityType == "":
	case q.Entity == "":
		where.And("i.entity_type = ?", q.EntityType)
	case q.EntityType == "":
		where.And("(i.entity_id = ? OR "+touchesAtAll+")", q.Entity, q.Entity)
	default:
		where.And("(i.entity_type = ? AND i.entity_id = ? OR "+touchesOf+")", q.EntityType, q.Entity, q.Entity, q.EntityType)
	}
}

// hasEntity is whereEntity in memory.
func (q *query) hasEntity(e *ledger.Entry) bool {
	if (q.EntityType == "" || same(e.Entity.Type, q.EntityType)) && (q.Entity == "" || same(e.Entity.ID, q.Entity)) {
		return true
	}
	return q.Entity != "" && slices.ContainsFunc(e.Objects(), func(o ledger.Object) bool {
		return same(o.ID, q.Entity) && (q.EntityType == "" || same(o.Type, q.EntityType))
	})
}
