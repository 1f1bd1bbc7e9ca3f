package ledger

import (
	"context"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectHead = "SELECT size, frontier, recorded_at FROM {ledger}.head WHERE id = 1"
	updateHead = "UPDATE {ledger}.head SET size = ?, frontier = ?, recorded_at = ? WHERE id = 1"
	selectFrom = "SELECT seq, body, leaf FROM {ledger}.entry WHERE seq >= ? ORDER BY seq LIMIT ?"
	insertTile = "INSERT INTO {ledger}.tile (level, number, hashes) VALUES (?, ?, ?)"

	insertEntries = "INSERT INTO {ledger}.entry (seq, id, body, leaf) VALUES "
)

// maxRows is the most rows in one statement.
const maxRows = 256

// batchSize cuts rows into few different sizes, so that each statement is prepared once: any number up to 32, since
// those who wait for one commit are about as many, and steps above.
func batchSize(n int) int {
	for _, size := range []int{maxRows, 128, 64, 32} {
		if n >= size {
			return size
		}
	}
	return n
}

// insertRows runs a multi-row INSERT over all rows, a batch at a time.
func insertRows(ctx context.Context, tx *mysql.Tx, head, tail string, columns int, args []any) error {
	return tx.ExecAll(ctx, rowInserts(nil, head, tail, columns, args)...)
}

// rowInserts appends multi-row INSERT statements over all rows, a batch in each.
func rowInserts(to []mysql.Statement, head, tail string, columns int, args []any) []mysql.Statement {
	for len(args) > 0 {
		n := batchSize(len(args) / columns)
		to = append(to, mysql.Statement{Query: head + placeholders(n, columns) + tail, Args: args[:n*columns]})
		args = args[n*columns:]
	}
	return to
}

// placeholders gives "(?,?),(?,?)" for rows of columns.
func placeholders(rows, columns int) string {
	one := "(" + strings.Repeat("?,", columns-1) + "?)"
	return strings.Repeat(one+",", rows-1) + one
}

// padded repeats the last value until the length is a power of two, so that few different statements are prepared.
func padded(values []any) []any {
	size := 1
	for size < len(values) {
		size *= 2
	}
	all := append(make([]any, 0, size), values...)
	for len(all) < size {
		all = append(all, values[len(values)-1])
	}
	return all
}

// selectIn asks for a set of entries.
func selectIn(seqs []uint64) (string, []any) {
	values := make([]any, len(seqs))
	for i, seq := range seqs {
		values[i] = seq
	}
	args := padded(values)
	return "SELECT seq, body, leaf FROM {ledger}.entry WHERE seq IN " + placeholders(1, len(args)), args
}

// bodyOf is what a draft's body says of it once it is recorded, but for details and sealed parts.
func bodyOf(d *Draft, recordedAt time.Time) Body {
	return Body{
		V: BodyVersion, ID: d.ID, Stream: d.Stream, OccurredAt: occurredAt(d, recordedAt), RecordedAt: recordedAt,
		Actor: actorText(d), Source: d.Source, Person: d.Person, Department: d.Department, Action: d.Action,
		Entity: d.Entity, Module: d.Module, Outcome: d.Outcome, Refs: d.Refs,
	}
}

func occurredAt(d *Draft, recordedAt time.Time) time.Time {
	if d.OccurredAt.IsZero() {
		return recordedAt
	}
	return d.OccurredAt
}
