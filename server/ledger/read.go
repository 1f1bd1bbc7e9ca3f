package ledger

import (
	"context"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// readBytes bounds the bodies that are read at a time, unless one alone is longer.
	readBytes = 16 << 20
	// fewRows need not be measured before they are read.
	fewRows = readBytes / MaxBodyBytes

	selectSizes = "SELECT seq, LENGTH(body) AS bytes FROM {ledger}.entry WHERE seq >= ? ORDER BY seq LIMIT ?"
	selectRange = "SELECT seq, body, leaf FROM {ledger}.entry WHERE seq >= ? AND seq < ? ORDER BY seq"
)

// Read gives up to limit entries from seq on, in order, at most 16 MiB of them; none only where there are none.
// Pruned ones are left out. It may give entries that are not durable yet: call AwaitDurable before they leave the process.
func (l *Ledger) Read(ctx context.Context, q mysql.Querier, from uint64, limit int) ([]Entry, error) {
	rows, _, err := readRows(ctx, q, from, limit)
	if err != nil {
		return nil, err
	}
	return decodeRows(rows)
}

// readRows is Read without decoding. No entry before end is missing in what it gives but those that were pruned.
func readRows(ctx context.Context, q mysql.Querier, from uint64, limit int) (rows []row, end uint64, err error) {
	if limit <= fewRows {
		err := q.Select(ctx, &rows, selectFrom, from, limit)
		return rows, endOf(rows, from, limit), err
	}
	for {
		end, found, err := endOfPage(ctx, q, from, limit)
		if err != nil || !found {
			return nil, from + uint64(limit), err
		}
		if err := q.Select(ctx, &rows, selectRange, from, end); err != nil || len(rows) > 0 {
			return rows, end, err
		}
		from = end // all of them were pruned meanwhile
	}
}

// endOf gives where rows end that were read up to a limit.
func endOf(rows []row, from uint64, limit int) uint64 {
	if len(rows) == 0 {
		return from + uint64(limit)
	}
	return rows[len(rows)-1].Seq + 1
}

// endOfPage gives the end of the entries that can be read with those from seq from on at a time, and whether there are any.
func endOfPage(ctx context.Context, q mysql.Querier, from uint64, limit int) (end uint64, found bool, err error) {
	var sizes []struct {
		Seq   uint64 `db:"seq"`
		Bytes int    `db:"bytes"`
	}
	if err := q.Select(ctx, &sizes, selectSizes, from, limit); err != nil {
		return 0, false, err
	}
	sum := 0
	for i, row := range sizes {
		if sum += row.Bytes; i > 0 && sum > readBytes {
			break
		}
		end, found = row.Seq+1, true
	}
	return end, found, nil
}

type row struct {
	Seq  uint64 `db:"seq"`
	Body []byte `db:"body"`
	Leaf []byte `db:"leaf"`
}

func decodeRows(rows []row) ([]Entry, error) {
	entries := make([]Entry, len(rows))
	var repeated *seen
	if len(rows) > 1 {
		repeated = newSeen()
	}
	for i, r := range rows {
		e := &entries[i]
		e.Seq, e.Raw = r.Seq, r.Body
		if err := decodeInto(&e.Body, r.Body, repeated); err != nil {
			return nil, fault.Wrap(err, fault.Internal, "entry %d cannot be read: run keytrail verify", r.Seq)
		}
		copy(e.Leaf[:], r.Leaf)
	}
	return entries, nil
}
