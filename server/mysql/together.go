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

// What goes in one request is bounded in values and in their bytes. Above, the rows cost more than the requests: MariaDB
// writes out each statement of a compound with its values, as it would be logged.
const (
	maxTogether      = 1024
	maxTogetherBytes = 48 << 10
)

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
	values, bytes := 0, 0
	for i, s := range statements {
		values, bytes = values+len(s.Args), bytes+s.bytes()
		if values > maxTogether || bytes > maxTogetherBytes {
			return max(i, 1)
		}
	}
	return len(statements)
}

// bytes is how long the texts and bytes among the values are.
func (s Statement) bytes() (n int) {
	for _, arg := range s.Args {
		switch arg := arg.(type) {
		case []byte:
			n += len(arg)
		case string:
			n += len(arg)
		}
	}
	return n
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
