package backup

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/mysql"
)

// leftOut are tables of which nothing is copied: whose turn something is, who is signed in, what is being restored, and
// files that are made for a day. A restored database has them as a new one has.
func leftOut() []string {
	return []string{"turn", "session", "ledger_pulse", "restore_state", "export_job", "export_chunk"}
}

// copied lists the tables that a backup holds.
func copied(ctx context.Context, db *mysql.DB, q mysql.Querier) ([]mysql.Table, error) {
	tables, err := db.Tables(ctx, q)
	return slices.DeleteFunc(tables, func(t mysql.Table) bool { return !t.Ledger && slices.Contains(leftOut(), t.Name) }), err
}

// selectAll reads a table in the order of its primary key, in which it lies.
func selectAll(t mysql.Table) string {
	var text strings.Builder
	text.WriteString("SELECT ")
	for i, c := range t.Columns {
		if i > 0 {
			text.WriteString(", ")
		}
		if c.Timed {
			text.WriteString("CAST(`" + c.Name + "` AS CHAR)")
		} else {
			text.WriteString("`" + c.Name + "`")
		}
	}
	text.WriteString(" FROM " + t.Quoted())
	if len(t.Key) > 0 {
		text.WriteString(" ORDER BY `" + strings.Join(t.Key, "`, `") + "`")
	}
	return text.String()
}

// dumper writes tables as frames.
type dumper struct {
	q    mysql.Querier
	out  io.Writer
	rows uint64
	// progress is told the rows so far; nil for nobody.
	progress func(rows uint64)
}

const progressEvery = 1000

func (d *dumper) table(ctx context.Context, t mysql.Table) (TableSummary, error) {
	done := TableSummary{Ledger: t.Ledger, Name: t.Name}
	head := tableHead{Ledger: t.Ledger, Name: t.Name}
	for _, c := range t.Columns {
		head.Columns = append(head.Columns, c.Name)
	}
	done.Columns = head.Columns
	text, err := json.Marshal(head)
	if err != nil {
		return done, err
	}
	if err := writeFrame(d.out, frameTable, text); err != nil {
		return done, err
	}
	sum := sha256.New()
	done.Rows, err = d.eachRow(ctx, t, io.MultiWriter(d.out, sum))
	done.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return done, err
}

func (d *dumper) eachRow(ctx context.Context, t mysql.Table, out io.Writer) (n uint64, err error) {
	rows, err := d.q.Query(ctx, selectAll(t))
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	values := make([]sql.RawBytes, len(t.Columns))
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	var row []byte
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		row = row[:0]
		for _, v := range values {
			row = appendValue(row, v)
		}
		if err := writeFrame(out, frameRow, row); err != nil {
			return n, err
		}
		n++
		if d.rows++; d.progress != nil && d.rows%progressEvery == 0 {
			d.progress(d.rows)
		}
	}
	return n, mysql.Fault(rows.Err())
}
