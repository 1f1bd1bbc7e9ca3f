package verify

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

// Store is the Source of a keytrail database, for one verification at a time. Reading is all that it needs to be allowed.
type Store struct {
	q mysql.Querier
	// skipped is how many checkpoints lie in front of page, the last that was read of them.
	skipped int
	page    []Checkpoint
}

// NewStore makes a source of a database.
func NewStore(q mysql.Querier) *Store { return &Store{q: q} }

var _ Source = (*Store)(nil)

// Head implements Source.
func (s *Store) Head(ctx context.Context) (Head, error) {
	var h Head
	err := s.q.Get(ctx, &h, "SELECT size, frontier, recorded_at FROM {ledger}.head WHERE id = 1")
	return h, err
}

// pageBytes bounds the bodies that are read at a time, unless one alone is longer.
const pageBytes = 16 << 20

// Entries implements Source.
func (s *Store) Entries(ctx context.Context, from uint64, limit int) ([]Entry, error) {
	for {
		last, found, err := s.lastOfPage(ctx, from, limit)
		if err != nil || !found {
			return nil, err
		}
		var entries []Entry
		err = s.q.Select(ctx, &entries, "SELECT seq, id, body, leaf FROM {ledger}.entry WHERE seq >= ? AND seq <= ? ORDER BY seq", from, last)
		if err != nil || len(entries) > 0 {
			return entries, err
		}
		from = last + 1 // all of them were pruned meanwhile
	}
}

// lastOfPage gives the last entry that can be read with those from seq from on in one go, and whether there is one.
func (s *Store) lastOfPage(ctx context.Context, from uint64, limit int) (last uint64, found bool, err error) {
	var sizes []struct {
		Seq   uint64 `db:"seq"`
		Bytes int    `db:"bytes"`
	}
	err = s.q.Select(ctx, &sizes, "SELECT seq, LENGTH(body) AS bytes FROM {ledger}.entry WHERE seq >= ? ORDER BY seq LIMIT ?", from, limit)
	if err != nil || len(sizes) == 0 {
		return 0, false, err
	}
	last, sum := sizes[0].Seq, sizes[0].Bytes
	for _, row := range sizes[1:] {
		if sum += row.Bytes; sum > pageBytes {
			break
		}
		last = row.Seq
	}
	return last, true, nil
}

// Pruned implements Source.
func (s *Store) Pruned(ctx context.Context, from uint64, limit int) (leaves []PrunedLeaf, err error) {
	err = s.q.Select(ctx, &leaves, "SELECT seq, leaf_data, pruned_by FROM {ledger}.pruned_leaf WHERE seq >= ? ORDER BY seq LIMIT ?", from, limit)
	return leaves, err
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

// Checkpoints implements Source. It goes on by key where it can, since skipping reads what is skipped.
func (s *Store) Checkpoints(ctx context.Context, skip, limit int) (list []Checkpoint, err error) {
	const columns = "SELECT size, signed_at, root, note FROM {ledger}.checkpoint"
	if before := skip - 1 - s.skipped; before >= 0 && before < len(s.page) {
		last := s.page[before]
		err = s.q.Select(ctx, &list, columns+" WHERE size > ? OR (size = ? AND signed_at > ?) ORDER BY size, signed_at LIMIT ?",
			last.Size, last.Size, last.SignedAt, limit)
	} else {
		err = s.q.Select(ctx, &list, columns+" ORDER BY size, signed_at LIMIT ? OFFSET ?", limit, skip)
	}
	if len(list) > 0 {
		s.skipped, s.page = skip, list
	}
	return list, err
}

// Keys implements Source.
func (s *Store) Keys(ctx context.Context, after string, limit int) (keys []Key, err error) {
	err = s.q.Select(ctx, &keys, "SELECT subject, wrapped IS NOT NULL AND destroyed_at IS NULL AS usable FROM seal_key"+
		" WHERE subject > ? ORDER BY subject LIMIT ?", after, limit)
	return keys, err
}

// selectMiscounts holds the three grains of counts (days, hours, quarters), for everybody and per department,
// against the index, day by day. The places are sums of hours and quarters, which differ when a count was moved
// within its day. It is one statement, so that it sees one moment although appends go on.
const selectMiscounts = `SELECT action, department, day, SUM(by_day) AS by_day, SUM(by_hour) AS by_hour, SUM(by_quarter) AS by_quarter FROM (
  SELECT stream, action, department, day, IF(slot = 0, CAST(total AS SIGNED), 0) AS by_day,
    IF(slot BETWEEN 1 AND 24, CAST(total AS SIGNED), 0) AS by_hour, IF(slot > 24, CAST(total AS SIGNED), 0) AS by_quarter,
    IF(slot BETWEEN 1 AND 24, CAST(total AS SIGNED) * (slot - 1), 0) AS hour_places, IF(slot > 24, CAST(total AS SIGNED) * (slot - 25), 0) AS quarter_places
  FROM entry_count
  UNION ALL SELECT stream, action, CAST('' AS BINARY(16)), TIMESTAMPDIFF(DAY, '1970-01-01', occurred_at), -1, -1, -1,
    -HOUR(occurred_at), -(HOUR(occurred_at) * 4 + MINUTE(occurred_at) DIV 15) FROM entry_index
  UNION ALL SELECT stream, action, department, TIMESTAMPDIFF(DAY, '1970-01-01', occurred_at), -1, -1, -1,
    -HOUR(occurred_at), -(HOUR(occurred_at) * 4 + MINUTE(occurred_at) DIV 15) FROM entry_index WHERE department IS NOT NULL
) AS both_sides GROUP BY stream, action, department, day
HAVING SUM(by_day) <> 0 OR SUM(by_hour) <> 0 OR SUM(by_quarter) <> 0 OR SUM(hour_places) <> 0 OR SUM(quarter_places) <> 0
ORDER BY stream, action, department, day LIMIT 100`

// Miscounts implements Source.
func (s *Store) Miscounts(ctx context.Context) ([]string, error) {
	var rows []struct {
		Action     string `db:"action"`
		Department []byte `db:"department"`
		Day        int64  `db:"day"`
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
		what[i] = fmt.Sprintf("%s on %s (by day %+d, by hour %+d, by quarter of an hour %+d)", r.Action,
			time.Unix(r.Day*24*60*60, 0).UTC().Format(time.DateOnly), r.ByDay, r.ByHour, r.ByQuarter)
		if !bytes.Equal(r.Department, everybody) {
			what[i] += fmt.Sprintf(" of department %x", r.Department)
		}
	}
	return what, nil
}
