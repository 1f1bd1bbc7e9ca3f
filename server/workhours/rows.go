package workhours

import (
	"context"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

// maxRows is the most rows of one INSERT.
const maxRows = 256

// insertRows adds rows of as many values each.
func insertRows(ctx context.Context, tx *mysql.Tx, head, tail string, rows [][]any) error {
	for _, statement := range inserts(head, tail, rows) {
		if _, err := tx.Exec(ctx, statement.Query, statement.Args...); err != nil {
			return err
		}
	}
	return nil
}

// inserts gives the statements that add rows. Counts of rows are powers of two, so that few texts are prepared.
func inserts(head, tail string, rows [][]any) []mysql.Statement {
	var statements []mysql.Statement
	for len(rows) > 0 {
		n := maxRows
		for n > len(rows) {
			n /= 2
		}
		statements, rows = append(statements, insertOf(head, tail, rows[:n])), rows[n:]
	}
	return statements
}

func insertOf(head, tail string, rows [][]any) mysql.Statement {
	one := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(rows[0])), ", ") + ")"
	var args []any
	for _, row := range rows {
		args = append(args, row...)
	}
	return mysql.Statement{Query: head + " VALUES " + one + strings.Repeat(", "+one, len(rows)-1) + tail, Args: args}
}

// dayOf is an instant's UTC day since 1970.
func dayOf(at time.Time) int64 { return at.Unix() / secondsInDay }

const secondsInDay = 24 * 3600

// midnightOf is when a UTC day begins.
func midnightOf(day int64) time.Time { return time.Unix(day*secondsInDay, 0).UTC() }
