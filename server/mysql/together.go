package mysql

import (
	"context"
	"strings"
)

// Statement is a query text with its values, see Querier.
type Statement struct {
	Query string
	Args  []any
}

// maxTogether bounds the values of statements that go in one request. Above it, the rows cost more than the requests.
const maxTogether = 1024

// ExecAll runs statements that give no rows, one after the other, until one fails. MariaDB takes them in one request,
// as a compound statement (BEGIN NOT ATOMIC), which other servers do not know: what is locked meanwhile is not
// held for one round trip after the other.
func (tx *Tx) ExecAll(ctx context.Context, statements ...Statement) error {
	for len(statements) > 0 {
		n := 1
		if tx.compound {
			n = fitTogether(statements)
		}
		one := statements[0]
		if n > 1 {
			one = together(statements[:n])
		}
		if _, err := tx.Exec(ctx, one.Query, one.Args...); err != nil {
			return err
		}
		statements = statements[n:]
	}
	return nil
}

// fitTogether is how many of the first statements go well in one request, at least one.
func fitTogether(statements []Statement) int {
	values := 0
	for i, s := range statements {
		if values += len(s.Args); values > maxTogether {
			return max(i, 1)
		}
	}
	return len(statements)
}

func together(statements []Statement) Statement {
	var text strings.Builder
	var args []any
	text.WriteString("BEGIN NOT ATOMIC ")
	for _, s := range statements {
		text.WriteString(s.Query)
		text.WriteString("; ")
		args = append(args, s.Args...)
	}
	text.WriteString("END")
	return Statement{text.String(), args}
}
