package mysql

import (
	"context"
	"database/sql"
	"log/slog"
	"reflect"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jmoiron/sqlx"
)

// Querier runs statements: a DB each on its own, a Tx all in one transaction.
//
// Query texts are constants, with ? for values; {main} and {ledger} stand for the two schemas. Every
// statement is prepared once per connection. Errors that mean the database is away are UNAVAILABLE faults.
type Querier interface {
	// Exec runs a statement. RowsAffected counts the rows that matched, also those that already were as told.
	Exec(ctx context.Context, query string, args ...any) (sql.Result, error)
	// Get reads one row into dest, a struct or a scalar; no row is sql.ErrNoRows.
	Get(ctx context.Context, dest any, query string, args ...any) error
	// Select reads all rows into dest, a pointer to a slice. The query bounds how many there are.
	Select(ctx context.Context, dest any, query string, args ...any) error
	// Each has read take one row after another, which costs less than Select where a page has many. The query bounds
	// how many there are, and the first error of read ends it.
	Each(ctx context.Context, read func(Row) error, query string, args ...any) error
	// Query reads rows one by one. The caller closes them and passes rows.Err() through Fault.
	Query(ctx context.Context, query string, args ...any) (*sqlx.Rows, error)
}

var (
	_ Querier = (*DB)(nil)
	_ Querier = (*Tx)(nil)
)

// Row is a row of an answer.
type Row interface {
	// Scan reads the columns into pointers, one each.
	Scan(dest ...any) error
}

// In expands each slice among args, for IN (?), and rounds its length up to a power of two by repeating
// the last value, so that lists of many lengths share few prepared statements. An empty slice is an error.
func In(query string, args ...any) (string, []any, error) {
	padded := make([]any, len(args))
	for i, arg := range args {
		padded[i] = padToPowerOfTwo(arg)
	}
	return sqlx.In(query, padded...)
}

func padToPowerOfTwo(arg any) any {
	v := reflect.ValueOf(arg)
	if v.Kind() != reflect.Slice || v.Type().Elem().Kind() == reflect.Uint8 || v.Len() == 0 {
		return arg
	}
	n := 1
	for n < v.Len() {
		n *= 2
	}
	out := reflect.MakeSlice(v.Type(), n, n)
	last := v.Index(v.Len() - 1)
	for i := reflect.Copy(out, v); i < n; i++ {
		out.Index(i).Set(last)
	}
	return out.Interface()
}

// extContext is what sqlx's pool and transaction have in common.
type extContext interface {
	sqlx.ExtContext
	GetContext(ctx context.Context, dest any, query string, args ...any) error
	SelectContext(ctx context.Context, dest any, query string, args ...any) error
}

// runner runs statements on a pool or a transaction.
type runner struct {
	on    extContext
	texts *texts
	log   statementLog
	fate  *fate // of the transaction; nil on a pool
	// compound says that the server knows compound statements outside of procedures.
	compound bool
}

func newRunner(pool *sqlx.DB, schema string, c Config) *runner {
	return &runner{on: pool, texts: newTexts(schema), log: statementLog{logger: c.logger(), level: c.LogLevel}}
}

// Exec implements Querier.
func (r *runner) Exec(ctx context.Context, query string, args ...any) (result sql.Result, err error) {
	err = r.run(ctx, query, func(text string) error {
		result, err = r.on.ExecContext(ctx, text, args...)
		return err
	})
	return result, err
}

// Get implements Querier.
func (r *runner) Get(ctx context.Context, dest any, query string, args ...any) error {
	return r.run(ctx, query, func(text string) error { return r.on.GetContext(ctx, dest, text, args...) })
}

// Select implements Querier.
func (r *runner) Select(ctx context.Context, dest any, query string, args ...any) error {
	return r.run(ctx, query, func(text string) error { return r.on.SelectContext(ctx, dest, text, args...) })
}

// Each implements Querier.
func (r *runner) Each(ctx context.Context, read func(Row) error, query string, args ...any) error {
	return r.run(ctx, query, func(text string) (err error) {
		rows, err := r.on.QueryxContext(ctx, text, args...)
		if err != nil {
			return err
		}
		defer func() {
			if closed := rows.Close(); err == nil {
				err = closed
			}
		}()
		for rows.Next() {
			if err := read(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// Query implements Querier.
func (r *runner) Query(ctx context.Context, query string, args ...any) (rows *sqlx.Rows, err error) {
	err = r.run(ctx, query, func(text string) error {
		rows, err = r.on.QueryxContext(ctx, text, args...)
		return err
	})
	return rows, err
}

func (r *runner) run(ctx context.Context, query string, do func(text string) error) error {
	if doomed := r.fate.doomed(); doomed != nil {
		return doomed
	}
	begin := r.log.start()
	err := do(r.texts.of(query))
	r.log.statement(ctx, query, begin, err)
	if err == nil {
		return nil
	}
	err = Fault(attributed(ctx, err))
	r.fate.note(err)
	return err
}

// texts puts the names of the schemas into query texts, each once.
type texts struct {
	main     string
	replacer *strings.Replacer
	known    *lru.Cache[string, string]
}

func newTexts(schema string) *texts {
	known, err := lru.New[string, string](maxStatements)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &texts{main: schema, replacer: schemaReplacer(schema), known: known}
}

func schemaReplacer(schema string) *strings.Replacer {
	return strings.NewReplacer("{main}", "`"+schema+"`", "{ledger}", "`"+schema+ledgerSuffix+"`")
}

func (t *texts) of(query string) string {
	if !strings.Contains(query, "{") {
		return query
	}
	if text, ok := t.known.Get(query); ok {
		return text
	}
	text := t.replacer.Replace(query)
	t.known.Add(query, text)
	return text
}

// statementLog writes text and duration of statements, never values.
type statementLog struct {
	logger *slog.Logger
	level  int
}

func (l statementLog) start() time.Time {
	if l.level == 0 {
		return time.Time{}
	}
	return time.Now()
}

// statement writes a statement that was executed. A unique index that was violated is no failure: it is how callers ask
// whether something is new, such as a request that comes again.
func (l statementLog) statement(ctx context.Context, query string, begin time.Time, err error) {
	switch {
	case l.level >= 1 && isFailure(err) && !isContext(err) && !IsDuplicate(err):
		l.logger.WarnContext(ctx, "statement failed",
			"statement", query, "duration", time.Since(begin), "error", withoutValues(err))
	case l.level >= 2:
		l.logger.DebugContext(ctx, "statement", "statement", query, "duration", time.Since(begin))
	}
}
