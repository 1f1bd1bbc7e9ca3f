package verify

import (
	"context"
	"fmt"

	"github.com/keytrail/keytrail/server/mysql"
)

// Store is the Source of a keytrail database. Reading is all that it needs to be allowed.
type Store struct{ q mysql.Querier }

// NewStore makes a source of a database.
func NewStore(q mysql.Querier) *Store { return &Store{q: q} }

var _ Source = (*Store)(nil)

// Head implements Source.
func (s *Store) Head(ctx context.Context) (Head, error) {
	var h Head
	err := s.q.Get(ctx, &h, "SELECT size, frontier, recorded_at FROM {ledger}.head WHERE id = 1")
	return h, err
}

// Entries implements Source.
func (s *Store) Entries(ctx context.Context, from uint64, limit int) (entries []Entry, err error) {
	err = s.q.Select(ctx, &entries, "SELECT seq, id, body, leaf FROM {ledger}.entry WHERE seq >= ? ORDER BY seq LIMIT ?", from, limit)
	return entries, err
}

// Index implements Source.
func (s *Store) Index(ctx context.Context, from uint64, limit int) (rows []IndexRow, err error) {
	err = s.q.Select(ctx, &rows, "SELECT seq, id, stream, occurred_at, recorded_at, actor, person, department, action,"+
		" entity_type, entity_id, module, source, outcome FROM entry_index WHERE seq >= ? ORDER BY seq LIMIT ?", from, limit)
	return rows, err
}

// Tiles implements Source.
func (s *Store) Tiles(ctx context.Context, level int, from uint64, limit int) (tiles []Tile, err error) {
	err = s.q.Select(ctx, &tiles, "SELECT number, hashes FROM {ledger}.tile WHERE level = ? AND number >= ? ORDER BY number LIMIT ?", level, from, limit)
	return tiles, err
}

// Checkpoints implements Source.
func (s *Store) Checkpoints(ctx context.Context, skip, limit int) (list []Checkpoint, err error) {
	err = s.q.Select(ctx, &list, "SELECT size, root, note FROM {ledger}.checkpoint ORDER BY size, signed_at LIMIT ? OFFSET ?", limit, skip)
	return list, err
}

// selectMiscounts is one statement, so that it sees one moment although appends go on.
const selectMiscounts = `SELECT stream, action, SUM(difference) AS difference FROM (
  SELECT stream, action, CAST(total AS SIGNED) AS difference FROM entry_count
  UNION ALL SELECT stream, action, -1 FROM entry_index
) AS both_sides GROUP BY stream, action HAVING SUM(difference) <> 0 ORDER BY stream, action LIMIT 100`

// Miscounts implements Source.
func (s *Store) Miscounts(ctx context.Context) ([]string, error) {
	var rows []struct {
		Stream     uint8  `db:"stream"`
		Action     string `db:"action"`
		Difference int64  `db:"difference"`
	}
	if err := s.q.Select(ctx, &rows, selectMiscounts); err != nil {
		return nil, err
	}
	what := make([]string, len(rows))
	for i, r := range rows {
		what[i] = fmt.Sprintf("%s (counted %+d)", r.Action, r.Difference)
	}
	return what, nil
}
