package ledger

import (
	"context"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

const countPage = 2000

// afterCount holds for keys behind one key. It is written out so that the primary key serves it.
const afterCount = "(department > ? OR department = ? AND (stream > ? OR stream = ? AND (action > ? OR action = ? AND (slot > ? OR slot = ? AND day > ?))))"

// selectBoth is one statement, so that both tables and the head are seen at one moment although appends go on.
const selectBoth = "(SELECT 0 AS side, department, stream, action, slot, day, total FROM entry_count WHERE " + afterCount +
	" ORDER BY department, stream, action, slot, day LIMIT ?)" +
	" UNION ALL (SELECT 1, department, stream, action, slot, day, total FROM entry_count_rebuild WHERE " + afterCount +
	" ORDER BY department, stream, action, slot, day LIMIT ?)" +
	" UNION ALL SELECT 2, CAST('' AS BINARY(16)), 0, '', 0, 0, size FROM {ledger}.head WHERE id = 1"

// The sides of selectBoth.
const (
	sideUsed    = 0
	sideRebuilt = 1
	sideHead    = 2
)

// countsPage is a part of both tables, in order of their keys.
type countsPage struct {
	differences map[countKey]int64 // rebuilt less used
	size        uint64             // of the ledger at that moment
	end         countKey           // the page's last key
	last        bool
}

// mendCounts holds the counts in use against the rebuilt ones, page by page, and applies what differs. The rebuilt
// ones end with entry next; what was appended since is added up on the way.
func (r *rebuild) mendCounts(ctx context.Context) error {
	since := newCounts()
	at := r.next
	var after countKey
	first := true
	for {
		page, err := r.readBoth(ctx, after, first)
		if err != nil {
			return err
		}
		if at, err = r.countTo(ctx, &since, at, page.size); err != nil {
			return err
		}
		for k := range page.differences {
			page.differences[k] += int64(since.totals[k])
		}
		if err := r.apply(ctx, page.differences); err != nil {
			return err
		}
		if page.last {
			return nil
		}
		after, first = page.end, false
	}
}

// countTo adds up the entries from seq at on, up to and without end.
func (r *rebuild) countTo(ctx context.Context, since *counts, at, end uint64) (uint64, error) {
	for at < end {
		entries, err := r.ledger.Read(ctx, r.ledger.db, at, int(min(end-at, maxRows)))
		if err != nil {
			return at, err
		}
		if len(entries) == 0 || entries[0].Seq != at {
			return at, fault.New(fault.Internal, "entry %d is missing: run keytrail verify", at)
		}
		for i := range entries {
			if entries[i].Seq >= end {
				break
			}
			since.add(&entries[i].Body)
			at = entries[i].Seq + 1
		}
	}
	return at, nil
}

type countRow struct {
	Side       int    `db:"side"`
	Department []byte `db:"department"`
	Stream     uint8  `db:"stream"`
	Action     string `db:"action"`
	Slot       uint8  `db:"slot"`
	Day        uint32 `db:"day"`
	Total      uint64 `db:"total"`
}

func (r *countRow) key() countKey {
	k := countKey{stream: r.Stream, action: r.Action, slot: r.Slot, day: r.Day}
	copy(k.department[:], r.Department)
	return k
}

// readBoth reads the page behind a key, or the first one.
func (r *rebuild) readBoth(ctx context.Context, after countKey, first bool) (*countsPage, error) {
	slot := int(after.slot)
	if first { // stream, slot and day are never negative, so this lies in front of every key
		slot = -1
	}
	key := []any{
		after.department[:], after.department[:], after.stream, after.stream, after.action, after.action,
		slot, slot, after.day, countPage,
	}
	var rows []countRow
	if err := r.ledger.db.Select(ctx, &rows, selectBoth, append(key, key...)...); err != nil {
		return nil, err
	}
	page := &countsPage{differences: map[countKey]int64{}, last: true}
	var found [2]int
	var ends [2]countKey
	for i := range rows {
		row := &rows[i]
		if row.Side == sideHead {
			page.size = row.Total
			continue
		}
		found[row.Side]++
		if k := row.key(); found[row.Side] == 1 || compareCountKeys(k, ends[row.Side]) > 0 {
			ends[row.Side] = k
		}
	}
	for side := range found { // a side that was cut off ends the page
		if found[side] == countPage && (page.last || compareCountKeys(ends[side], page.end) < 0) {
			page.end, page.last = ends[side], false
		}
	}
	for i := range rows {
		page.add(&rows[i])
	}
	return page, nil
}

func (p *countsPage) add(row *countRow) {
	k := row.key()
	if !p.last && compareCountKeys(k, p.end) > 0 {
		return
	}
	switch row.Side {
	case sideUsed:
		p.differences[k] -= int64(row.Total)
	case sideRebuilt:
		p.differences[k] += int64(row.Total)
	}
}

// apply adds what is missing and takes away what is too much.
func (r *rebuild) apply(ctx context.Context, differences map[countKey]int64) error {
	more, less := newCounts(), newCounts()
	for k, n := range differences {
		switch {
		case n > 0:
			more.order, more.totals[k] = append(more.order, k), int(n)
		case n < 0:
			less.order, less.totals[k] = append(less.order, k), int(-n)
		}
	}
	if len(more.order)+len(less.order) == 0 {
		return nil
	}
	err := r.step(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := insertRows(ctx, tx, insertCounts, addToCounts, countColumns, more.rows()); err != nil {
			return err
		}
		return less.subtract(ctx, tx)
	})
	if err == nil {
		r.found.Counts += len(more.order) + len(less.order)
	}
	return err
}
