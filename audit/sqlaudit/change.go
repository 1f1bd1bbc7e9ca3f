package sqlaudit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/keytrail/keytrail/audit"
)

const chunk = 500

// Rows are rows of a table: those for which Where holds. Where is SQL and may have parameters, written as the
// database wants them, whose values are Args.
type Rows struct {
	Table string
	Where string
	Args  []any
}

// Update runs a statement that changes or deletes rows, or inserts rows under keys that Where names, and records each
// row that differs. ErrTooMany before anything was done.
func (t *Tx) Update(ctx context.Context, rows Rows, query string, args ...any) (sql.Result, error) {
	table, err := t.db.table(rows.Table)
	if err != nil {
		return nil, err
	}
	before, err := t.read(ctx, table, rows.Where, rows.Args)
	if err != nil {
		return nil, err
	}
	result, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	after, err := t.byKeys(ctx, table, before)
	if err != nil {
		return nil, err
	}
	fresh, err := t.read(ctx, table, rows.Where, rows.Args)
	if err != nil {
		return nil, err
	}
	after.merge(fresh)
	t.differ(ctx, table, before, after)
	return result, nil
}

// Insert runs an INSERT into a table with one generated key and records each new row. Use Update for rows whose keys the
// program chooses.
func (t *Tx) Insert(ctx context.Context, table, query string, args ...any) (sql.Result, error) {
	its, err := t.db.table(table)
	if err != nil {
		return nil, err
	}
	if len(its.Key) != 1 {
		return nil, errors.New("sqlaudit: Insert needs a table with one generated key: use Update")
	}
	result, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	first, err := result.LastInsertId()
	if err != nil {
		return nil, err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return nil, err
	}
	made, err := t.read(ctx, its, fmt.Sprintf("%s >= %s AND %s < %s", its.Key[0], t.db.o.Placeholder(1), its.Key[0], t.db.o.Placeholder(2)), []any{first, first + n})
	if err != nil {
		return nil, err
	}
	t.differ(ctx, its, &found{}, made)
	return result, nil
}

// Viewed records that the actor was shown rows, by their keys.
func (db *DB) Viewed(ctx context.Context, table string, keys ...any) error {
	its, err := db.table(table)
	if err != nil {
		return err
	}
	bulk := bulkID(len(keys))
	for _, key := range keys {
		e := audit.Event{Action: audit.Viewed, EntityType: its.Entity, Entity: audit.TextOf(key), Module: db.o.Module, BulkID: bulk}
		if err := db.recorder.Record(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

func bulkID(n int) string {
	if n < 2 {
		return ""
	}
	return audit.NewID()
}

// found are rows by their ids, in order.
type found struct {
	ids  []string
	rows map[string]row
}

type row struct {
	key    []any
	label  string
	fields audit.Fields
}

func (f *found) merge(other *found) {
	for _, id := range other.ids {
		f.add(id, other.rows[id])
	}
}

func (f *found) add(id string, one row) {
	if f.rows == nil {
		f.rows = map[string]row{}
	}
	if _, known := f.rows[id]; !known {
		f.ids = append(f.ids, id)
	}
	f.rows[id] = one
}

// byKeys reads rows again that were read before.
func (t *Tx) byKeys(ctx context.Context, table Table, before *found) (*found, error) {
	after := &found{}
	for from := 0; from < len(before.ids); from += chunk {
		var where []string
		var args []any
		for _, id := range before.ids[from:min(from+chunk, len(before.ids))] {
			parts := make([]string, len(table.Key))
			for i, column := range table.Key {
				args = append(args, before.rows[id].key[i])
				parts[i] = column + " = " + t.db.o.Placeholder(len(args))
			}
			where = append(where, "("+strings.Join(parts, " AND ")+")")
		}
		some, err := t.read(ctx, table, strings.Join(where, " OR "), args)
		if err != nil {
			return nil, err
		}
		after.merge(some)
	}
	return after, nil
}

// read reads rows and locks them.
func (t *Tx) read(ctx context.Context, table Table, where string, args []any) (_ *found, err error) {
	query := "SELECT * FROM " + table.Name + " WHERE " + where
	if !t.db.o.NoLock {
		query += " FOR UPDATE"
	}
	rows, err := t.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading what is to be recorded: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	all := &found{}
	for rows.Next() {
		if len(all.ids) >= t.db.o.MaxRows {
			return nil, ErrTooMany
		}
		id, one, err := t.db.scan(table, columns, rows)
		if err != nil {
			return nil, err
		}
		all.add(id, one)
	}
	return all, rows.Err()
}

func (db *DB) scan(table Table, columns []string, rows *sql.Rows) (string, row, error) {
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	if err := rows.Scan(places...); err != nil {
		return "", row{}, err
	}
	one := row{}
	named := map[string]any{}
	for i, column := range columns {
		if text, ok := values[i].([]byte); ok {
			values[i] = strings.ToValidUTF8(string(text), "\uFFFD")
		}
		named[column] = values[i]
		rule, ruled := table.Columns[column]
		if !ruled && db.o.Masks.Hides(column) {
			rule = audit.Mask
		}
		one.fields.Set(column, values[i], rule, db.o.Masks)
	}
	one.label = audit.TextOf(named[table.Label])
	ids := make([]string, len(table.Key))
	for i, column := range table.Key {
		one.key = append(one.key, named[column])
		ids[i] = audit.TextOf(named[column])
	}
	return strings.Join(ids, ","), one, nil
}

// differ holds an event for each row that differs.
func (t *Tx) differ(ctx context.Context, table Table, before, after *found) {
	ids := append([]string(nil), before.ids...)
	for _, id := range after.ids {
		if _, known := before.rows[id]; !known {
			ids = append(ids, id)
		}
	}
	bulk := bulkID(len(ids))
	for _, id := range ids {
		was, had := before.rows[id]
		is, has := after.rows[id]
		e := audit.Event{Action: audit.Updated, EntityType: table.Entity, Entity: id, EntityLabel: is.label, Module: t.db.o.Module, BulkID: bulk}
		switch {
		case !had:
			e.Action = audit.Created
		case !has:
			e.Action, e.EntityLabel = audit.Deleted, was.label
		}
		e.Differ(audit.Diff(was.fields, is.fields, t.db.o.Masks))
		if len(e.Changes) > 0 {
			e.Fill(ctx)
			t.events = append(t.events, e)
		}
	}
}
