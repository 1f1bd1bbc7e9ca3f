package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// batchRows and batchBytes bound what is stored at a time; batchValues is what one statement may hold.
	batchRows   = 256
	batchBytes  = 4 << 20
	batchValues = 30_000
)

// loader fills tables with what a backup holds. Each begins empty.
type loader struct {
	owner  *mysql.DB
	tables []mysql.Table
	// accept looks at the header before anything is changed.
	accept func(ctx context.Context, h *Header) error
	// reached is told each batch that is stored; nil for nobody.
	reached  func(step string)
	progress func(rows uint64)

	table  mysql.Table
	insert string // up to the values
	places string // of one row
	batch  [][]byte
	count  int
	bytes  int
	rows   uint64
	filled []string
}

// Header implements Receiver.
func (l *loader) Header(ctx context.Context, h *Header) error { return l.accept(ctx, h) }

// Table implements Receiver.
func (l *loader) Table(ctx context.Context, inLedger bool, name string, columns []string) error {
	at := slices.IndexFunc(l.tables, func(t mysql.Table) bool { return t.Ledger == inLedger && t.Name == name })
	if at < 0 {
		return foreign(name)
	}
	l.table = l.tables[at]
	for _, c := range columns {
		if !slices.ContainsFunc(l.table.Columns, func(has mysql.Column) bool { return has.Name == c }) {
			return foreign(name)
		}
	}
	l.insert = "INSERT INTO " + l.table.Quoted() + " (`" + strings.Join(columns, "`, `") + "`) VALUES "
	l.places = "(" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
	l.filled = append(l.filled, l.table.Quoted())
	_, err := l.owner.Exec(ctx, "TRUNCATE TABLE "+l.table.Quoted())
	return err
}

func foreign(table string) error {
	return fault.New(fault.BadInput, "The backup holds the table %.60q, which is not as this keytrail knows it: restore with the keytrail that made it.", table)
}

// Row implements Receiver.
func (l *loader) Row(ctx context.Context, values [][]byte) error {
	for _, v := range values {
		if v == nil {
			l.batch = append(l.batch, nil)
		} else {
			l.batch = append(l.batch, append(make([]byte, 0, len(v)), v...))
		}
		l.bytes += len(v)
	}
	l.count++
	if l.count == batchRows || l.bytes >= batchBytes || len(l.batch) >= batchValues {
		return l.flush(ctx)
	}
	return nil
}

// End implements Receiver.
func (l *loader) End(ctx context.Context) error { return l.flush(ctx) }

// flush stores what has gathered, in one transaction of statements whose lengths are powers of two, so that few are prepared.
func (l *loader) flush(ctx context.Context) error {
	if l.count == 0 {
		return nil
	}
	width := len(l.batch) / l.count
	err := l.owner.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		for from := 0; from < l.count; {
			n := largestPower(l.count - from)
			args := make([]any, 0, n*width)
			for _, v := range l.batch[from*width : (from+n)*width] {
				if v == nil {
					args = append(args, nil)
				} else {
					args = append(args, v)
				}
			}
			text := l.insert + strings.TrimSuffix(strings.Repeat(l.places+", ", n), ", ")
			if _, err := tx.Exec(ctx, text, args...); err != nil {
				return err
			}
			from += n
		}
		return nil
	})
	l.rows += uint64(l.count)
	l.batch, l.count, l.bytes = l.batch[:0], 0, 0
	if err == nil && l.reached != nil {
		l.reached("loaded " + l.table.Name)
	}
	if err == nil && l.progress != nil {
		l.progress(l.rows)
	}
	return err
}

func largestPower(n int) int {
	power := 1
	for 2*power <= n {
		power *= 2
	}
	return power
}

// emptyRest empties the tables of which the backup says nothing.
func (l *loader) emptyRest(ctx context.Context) error {
	for _, t := range l.tables {
		if slices.Contains(l.filled, t.Quoted()) {
			continue
		}
		if _, err := l.owner.Exec(ctx, "TRUNCATE TABLE "+t.Quoted()); err != nil {
			return err
		}
	}
	return nil
}

// compare reads the tables again and holds them against the manifest.
func (l *loader) compare(ctx context.Context, m *Manifest) error {
	return l.owner.Snapshot(ctx, func(ctx context.Context, q mysql.Querier) error {
		for _, want := range m.Tables {
			at := slices.IndexFunc(l.tables, func(t mysql.Table) bool { return t.Ledger == want.Ledger && t.Name == want.Name })
			sum := sha256.New()
			n, err := (&dumper{q: q, out: io.Discard}).eachRow(ctx, l.tables[at], sum)
			if err != nil {
				return err
			}
			if n != want.Rows || hex.EncodeToString(sum.Sum(nil)) != want.SHA256 {
				return fault.New(fault.Internal, "The table %.60q does not hold what the backup holds, although it was stored. Run the restore again.", want.Name)
			}
		}
		return nil
	})
}
