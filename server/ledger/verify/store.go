package verify

import (
	"bytes"
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

// selectMiscounts holds the three grains of counts (days, hours, quarters), for everybody and per department,
// against the index. It is one statement, so that it sees one moment although appends go on.
const selectMiscounts = `SELECT action, department, SUM(by_day) AS by_day, SUM(by_hour) AS by_hour, SUM(by_quarter) AS by_quarter FROM (
  SELECT stream, action, department, IF(slot = 0, CAST(total AS SIGNED), 0) AS by_day,
    IF(slot BETWEEN 1 AND 24, CAST(total AS SIGNED), 0) AS by_hour, IF(slot > 24, CAST(total AS SIGNED), 0) AS by_quarter
  FROM entry_count
  UNION ALL SELECT stream, action, CAST('' AS BINARY(16)), -1, -1, -1 FROM entry_index
  UNION ALL SELECT stream, action, department, -1, -1, -1 FROM entry_index WHERE department IS NOT NULL
) AS both_sides GROUP BY stream, action, department
HAVING SUM(by_day) <> 0 OR SUM(by_hour) <> 0 OR SUM(by_quarter) <> 0 ORDER BY stream, action, department LIMIT 100`

// Miscounts implements Source.
func (s *Store) Miscounts(ctx context.Context) ([]string, error) {
	var rows []struct {
		Action     string `db:"action"`
		Department []byte `db:"department"`
		ByDay      int64  `db:"by_day"`
		ByHour     int64  `db:"by_hour"`
		ByQuarter  int64  `db:"by_quarter"`
	}
	everybody := make([]byte, 16)
	if err := s.q.Select(ctx, &rows, selectMiscounts); err != nil {
		return nil, err
	}
	what := make([]string, len(rows))
	for i, r := range rows {
		what[i] = fmt.Sprintf("%s (by day %+d, by hour %+d, by quarter of an hour %+d)", r.Action, r.ByDay, r.ByHour, r.ByQuarter)
		if !bytes.Equal(r.Department, everybody) {
			what[i] += fmt.Sprintf(" of department %x", r.Department)
		}
	}
	return what, nil
}
