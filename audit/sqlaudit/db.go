// Package sqlaudit records what statements of database/sql do to rows. SQL does not tell which rows it will touch nor
// what they were, so the program says which: Update reads them before and after in the same transaction and records each
// one that differs, whatever the statement in between was.
//
//	err := db.InTx(ctx, func(tx *sqlaudit.Tx) error {
//		_, err := tx.Update(ctx, sqlaudit.Rows{Table: "users", Where: "role = ?", Args: []any{"guest"}},
//			"UPDATE users SET active = 0 WHERE role = ?", "guest")
//		return err
//	})
//
// What is recorded is what was committed: right after the commit or, with a strict recorder, right before it, and then a
// failure rolls back. Where the connection is lost during a commit nobody knows whether it was done: events with outcome failure
// say that (committed or commitNotKnown in their metadata). What is rolled back to a savepoint is not recorded; set and undo savepoints with Exec or
// ExecContext of the Tx.
package sqlaudit

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/internal/commit"
	"github.com/keytrail/keytrail/audit/internal/sqltext"
)

const defaultMaxRows = 10_000

// ErrTooMany says that a change would touch more than Options.MaxRows rows: it was not done.
var ErrTooMany = errors.New("the change touches more rows than can be recorded: do it in parts, or raise MaxRows")

// Table is a table whose rows are recorded.
type Table struct {
	Name string
	// Entity is what a row is; empty means the table's name.
	Entity string
	// Key are the columns of the primary key; none means "id".
	Key []string
	// Label is a column that names a row in plain; may be empty.
	Label string
	// Columns are the rules of columns. Others are sealed, or masked where their name says that they are secret.
	Columns map[string]audit.Rule
}

// Options say what is recorded. Tables is needed.
type Options struct {
	Module string
	Tables []Table
	// MaxRows bounds how many rows one statement may touch; 0 means 10,000.
	MaxRows int
	// Placeholder writes the n-th parameter, from 1; nil means "?".
	Placeholder func(n int) string
	// NoLock leaves out FOR UPDATE, for databases that do not know it.
	NoLock bool
	// Masks are the names of columns that are secret without a rule; nil means audit.NewMasks().
	Masks *audit.Masks
	// Logger is told of what could not be recorded after a commit; nil means slog.Default().
	Logger *slog.Logger
}

// DB runs transactions whose changes are recorded.
type DB struct {
	pool     *sql.DB
	recorder audit.Recorder
	strict   bool
	o        Options
	tables   map[string]Table
}

// New makes a DB. It is strict when its recorder is.
func New(pool *sql.DB, recorder audit.Recorder, o Options) *DB {
	o.MaxRows = cmp.Or(o.MaxRows, defaultMaxRows)
	o.Logger = cmp.Or(o.Logger, slog.Default())
	if o.Masks == nil {
		o.Masks = audit.NewMasks()
	}
	if o.Placeholder == nil {
		o.Placeholder = func(int) string { return "?" }
	}
	s, ok := recorder.(interface{ Strict() bool })
	db := &DB{pool: pool, recorder: recorder, strict: ok && s.Strict(), o: o, tables: map[string]Table{}}
	for _, t := range o.Tables {
		t.Entity = cmp.Or(t.Entity, t.Name)
		if len(t.Key) == 0 {
			t.Key = []string{"id"}
		}
		db.tables[t.Name] = t
	}
	return db
}

// Tx is a transaction. Statements on the sql.Tx itself are not recorded.
type Tx struct {
	*sql.Tx
	db         *DB
	events     []pending
	savepoints sqltext.Savepoints
}

// pending is what a transaction did: an event, or why it cannot be recorded and must not be committed.
type pending struct {
	event   audit.Event
	refused error
}

// ExecContext executes a statement, and follows savepoints: what is rolled back to one takes its events along.
func (t *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	result, err := t.Tx.ExecContext(ctx, query, args...)
	if err == nil {
		t.events = t.events[:t.savepoints.Follow(query, len(t.events))]
	}
	return result, err
}

// Exec is ExecContext without a context.
func (t *Tx) Exec(query string, args ...any) (sql.Result, error) {
	return t.ExecContext(context.Background(), query, args...)
}

// InTx runs f in a transaction, commits when it returns nil and rolls back otherwise, also when it panics.
func (db *DB) InTx(ctx context.Context, f func(tx *Tx) error) error {
	begun, err := db.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = begun.Rollback() }() // does nothing after a commit
	tx := &Tx{Tx: begun, db: db}
	if err := f(tx); err != nil {
		return err
	}
	return tx.end(context.WithoutCancel(ctx))
}

func (t *Tx) end(ctx context.Context) error {
	events, err := t.held()
	if err != nil {
		_ = t.Rollback()
		return err
	}
	if t.db.strict {
		for i, e := range events {
			if err := t.db.recorder.Record(ctx, e); err != nil {
				_ = t.Rollback()
				t.revoke(ctx, events[:i+1], nil) // the last, too: it may be in the queue, and only not on the disk
				return err
			}
		}
	}
	err = t.Commit()
	switch unsure := commit.IsUnsure(err); {
	case t.db.strict && err != nil:
		t.revoke(ctx, events, err)
	case !t.db.strict && (err == nil || unsure):
		for _, e := range events {
			if unsure {
				e = commit.Unsure(e)
			}
			t.db.logged(t.db.recorder.Record(ctx, e))
		}
	}
	return err
}

// held gives the events of what stands, or why some of it cannot be recorded.
func (t *Tx) held() ([]audit.Event, error) {
	events := make([]audit.Event, 0, len(t.events))
	for _, one := range t.events {
		if one.refused != nil {
			return nil, one.refused
		}
		events = append(events, one.event)
	}
	return events, nil
}

// revoke says of events that were recorded that what they tell was not committed, or that the commit's error leaves that open.
func (t *Tx) revoke(ctx context.Context, events []audit.Event, why error) {
	for _, e := range events {
		t.db.logged(t.db.recorder.Record(ctx, commit.Revoking(e, why)))
	}
}

func (db *DB) logged(err error) {
	if err != nil {
		db.o.Logger.Error("a change could not be recorded", "error", err)
	}
}

func (db *DB) table(name string) (Table, error) {
	t, ok := db.tables[name]
	if !ok {
		return Table{}, fmt.Errorf("sqlaudit: table %q is not among Options.Tables", name)
	}
	return t, nil
}
