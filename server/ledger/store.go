package ledger

import (
	"context"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectHead = "SELECT size, frontier, recorded_at FROM {ledger}.head WHERE id = 1"
	updateHead = "UPDATE {ledger}.head SET size = ?, frontier = ?, recorded_at = ? WHERE id = 1"
	selectFrom = "SELECT seq, body, leaf FROM {ledger}.entry WHERE seq >= ? ORDER BY seq LIMIT ?"
	insertTile = "INSERT INTO {ledger}.tile (level, number, hashes) VALUES (?, ?, ?)"

	insertEntries = "INSERT INTO {ledger}.entry (seq, id, body, leaf) VALUES "
	insertIndex   = "INSERT INTO entry_index (seq, id, stream, occurred_at, recorded_at, actor, person, department, action," +
		" entity_type, entity_id, module, source, outcome) VALUES "
)

// maxRows is the most rows in one statement. Batches are cut into few different sizes, so that each statement
// is prepared once.
const maxRows = 256

func batchSize(n int) int {
	for _, size := range []int{maxRows, 64, 16, 4} {
		if n >= size {
			return size
		}
	}
	return 1
}

// insertRows runs a multi-row INSERT over all rows, a batch at a time.
func insertRows(ctx context.Context, tx *mysql.Tx, head, tail string, columns int, args []any) error {
	for len(args) > 0 {
		n := batchSize(len(args) / columns)
		query := head + placeholders(n, columns) + tail
		if _, err := tx.Exec(ctx, query, args[:n*columns]...); err != nil {
			return err
		}
		args = args[n*columns:]
	}
	return nil
}

// placeholders gives "(?,?),(?,?)" for rows of columns.
func placeholders(rows, columns int) string {
	one := "(" + strings.Repeat("?,", columns-1) + "?)"
	return strings.Repeat(one+",", rows-1) + one
}

// selectIn asks for a set of entries, padded with the last one so that few different statements are prepared.
func selectIn(seqs []uint64) (string, []any) {
	size := 1
	for size < len(seqs) {
		size *= 2
	}
	args := make([]any, size)
	for i := range args {
		args[i] = seqs[min(i, len(seqs)-1)]
	}
	return "SELECT seq, body, leaf FROM {ledger}.entry WHERE seq IN " + placeholders(1, size), args
}

// store writes all that an append writes: entries, what is derived from them, full tiles, and the head.
func (l *Ledger) store(ctx context.Context, tx *mysql.Tx, first uint64, at time.Time, pending []pendingEntry, after *edge, full []tile) error {
	entries := make([]any, 0, len(pending)*4)
	for i := range pending {
		p := &pending[i]
		entries = append(entries, first+uint64(i), p.draft.ID, p.body.raw, p.leaf[:])
	}
	if err := insertRows(ctx, tx, insertEntries, "", 4, entries); err != nil {
		return err
	}
	if err := insertRows(ctx, tx, insertIndex, "", 14, indexRows(first, at, pending)); err != nil {
		return err
	}
	if err := insertRows(ctx, tx, insertCounts, addToCounts, 6, countRows(at, pending)); err != nil {
		return err
	}
	for _, t := range full {
		if _, err := tx.Exec(ctx, insertTile, t.level, t.number, packHashes(t.hashes)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, updateHead, after.size, packHashes(after.frontier), at)
	return err
}

func indexRows(first uint64, at time.Time, pending []pendingEntry) []any {
	args := make([]any, 0, len(pending)*14)
	for i := range pending {
		d := &pending[i].draft
		args = append(args, first+uint64(i), d.ID, d.Stream.Code(), occurredAt(d, at), at, actorColumn(d), d.Person,
			d.Department, d.Action, d.Entity.Type, d.Entity.ID, d.Module, d.Source, d.Outcome.Code())
	}
	return args
}

func actorColumn(d *Draft) id.ID {
	if d.System {
		return id.ID{}
	}
	return d.Actor
}

func occurredAt(d *Draft, recordedAt time.Time) time.Time {
	if d.OccurredAt.IsZero() {
		return recordedAt
	}
	return d.OccurredAt
}
