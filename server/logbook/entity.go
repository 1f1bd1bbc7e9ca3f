package logbook

import (
	"context"

	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// maxTypes is among how many types of entities an id alone is looked for along an index.
	maxTypes = 1000

	// Both go along entity_time from one type to the next, without what lies between.
	selectTypes   = "SELECT DISTINCT entity_type FROM entry_index FORCE INDEX (entity_time) ORDER BY entity_type LIMIT ?"
	selectTypesOf = "SELECT DISTINCT entity_type FROM entry_index FORCE INDEX (entity_time) WHERE entity_type IN (?) AND entity_id = ? LIMIT ?"
)

// lookUpTypes finds of which types there are entities with the id, where the filter names no type: the index of entities
// begins with it. types stays nil where there are too many to look along each.
func (s *Service) lookUpTypes(ctx context.Context, q *query) error {
	q.types = nil
	if q.Entity == "" || q.EntityType != "" || q.keys != nil {
		return nil
	}
	var all []string
	if err := s.db.Select(ctx, &all, selectTypes, maxTypes+1); err != nil || len(all) > maxTypes {
		return err
	}
	if len(all) == 0 {
		q.types = []string{}
		return nil
	}
	text, args, err := mysql.In(selectTypesOf, all, q.Entity, maxBranches+1)
	if err != nil {
		return err
	}
	types := []string{}
	if err := s.db.Select(ctx, &types, text, args...); err != nil || len(types) > maxBranches {
		return err
	}
	q.types = types
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
		branches[i] = branch{"entity_time", "i.entity_type = ? AND i.entity_id = ?", []any{one, q.Entity}}
	}
	return branches
}
