package logbook

import (
	"context"
	"database/sql"
	"errors"
)

const (
	// maxTypes is among how many types of entities an id alone is looked for along an index.
	maxTypes = 200

	// One type after the other, since whether DISTINCT skips what lies between is up to the server's mood.
	selectNextType = "SELECT entity_type FROM entry_index FORCE INDEX (entity_time) WHERE entity_type > ? ORDER BY entity_type, entity_id LIMIT 1"
	selectHasID    = "SELECT EXISTS (SELECT 1 FROM entry_index FORCE INDEX (entity_time) WHERE entity_type = ? AND entity_id = ?)"
)

// lookUpTypes finds of which types there are entities with the id, where the filter names no type: the index of entities
// begins with it. types stays nil where there are too many to look along each.
func (s *Service) lookUpTypes(ctx context.Context, q *query) error {
	q.types = nil
	if q.Entity == "" || q.EntityType != "" || q.keys != nil {
		return nil
	}
	types := []string{}
	for n, one := 0, ""; n < maxTypes; n++ {
		var has bool
		if err := s.db.Get(ctx, &has, selectHasID, one, q.Entity); err != nil {
			return err
		}
		if has {
			types = append(types, one)
		}
		if len(types) > maxBranches {
			return nil
		}
		if err := s.db.Get(ctx, &one, selectNextType, one); errors.Is(err, sql.ErrNoRows) {
			q.types = types
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// ofEntity gives a branch for each type that has an entity with the id.
func (q *query) ofEntity() []branch {
	types := q.types
	if q.EntityType != "" {
		types = []string{q.EntityType}
	}
	branches := make([]branch, len(types))
	for i, one := range types {
		branches[i] = alongEntity(one, q.Entity)
	}
	return branches
}

// alongEntity is the branch to the entries of one entity.
func alongEntity(entityType, entity string) branch {
	return branch{index: "entity_time", condition: "i.entity_type = ? AND i.entity_id = ?", args: []any{entityType, entity}}
}
