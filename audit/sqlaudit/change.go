package sqlaudit

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/internal/sqltext"
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
// row that differs. ErrTooMany before anything was done, or after it for what it made: a strict transaction is then rolled
// back at its end, also where f passes over the error.
func (t *Tx) Update(ctx context.Context, rows Rows, query string, args ...any) (sql.Result, error) {
	table, err := t.db.table(rows.Table)
	if err != nil {
		return nil, err
	}
	before, err := t.read(ctx, table, rows.Where, rows.Args, true)
	if err != nil {
		return nil, err
	}
	result, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	after, err := t.byKeys(ctx, table, before)
	if err != nil {
		return nil, t.unread(ctx, audit.Updated, table, result, err)
	}
	fresh, err := t.read(ctx, table, rows.Where, rows.Args, true)
	if err != nil {
		return nil, t.unread(ctx, audit.Updated, table, result, err)
	}
	after.merge(fresh)
	t.differ(ctx, table, before, after)
	return result, nil
}

// mayUpdate finds statements that may change rows which are there already, or pass over some, after which nobody knows
// the keys of the new ones.
var mayUpdate = regexp.MustCompile(`(?is)^\s*replace\b|^\s*insert\s+(?:\w+\s+)*?(?:ignore|or)\b|\bon\s+(?:duplicate\s+key|conflict)\b`)

// Insert runs an INSERT into a table with one generated key and records each new row. Use Update for rows whose keys the
// program chooses, and for statements that may meet rows that are there already (ON DUPLICATE KEY UPDATE, ON CONFLICT,
// IGNORE, REPLACE): Insert refuses these before anything is done. Rows whose keys do not follow one another are counted only.
func (t *Tx) Insert(ctx context.Context, table, query string, args ...any) (sql.Result, error) {
	its, err := t.db.table(table)
	if err != nil {
		return nil, err
	}
	if len(its.Key) != 1 {
		return nil, errors.New("sqlaudit: Insert needs a table with one generated key: use Update")
	}
	if mayUpdate.MatchString(sqltext.Bare{Doubled: true}.Of(query)) {
		return nil, errors.New("sqlaudit: Insert cannot tell new rows from those that were there already: use Update, with Rows that name both")
	}
	result, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	first, err := result.LastInsertId()
	if err != nil {
		return nil, t.unread(ctx, audit.Created, its, result, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return nil, t.unread(ctx, audit.Created, its, result, err)
	}
	// Nobody else can change rows that this transaction has made. A lock would reach behind them, and keep others from inserting.
	made, err := t.read(ctx, its, fmt.Sprintf("%s >= %s AND %s < %s", its.Key[0], t.db.o.Placeholder(1), its.Key[0], t.db.o.Placeholder(2)), []any{first, first + n}, false)
	if err != nil {
		return nil, t.unread(ctx, audit.Created, its, result, err)
	}
	t.differ(ctx, its, &found{}, made)
	if missed := n - int64(len(made.ids)); missed > 0 {
		t.hold(ctx, audit.Event{
			Action: audit.Created, EntityType: its.Entity, Module: t.db.o.Module,
			Metadata: map[string]any{"rows": n, "recorded": len(made.ids), "notRecorded": "rows whose keys are not known"},
		})
	}
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
		id := audit.TextOf(key)
		if bytes, ok := key.([]byte); ok {
			_, shown := texts(bytes, true)
			id = audit.TextOf(shown)
		}
		for _, column := range its.Key {
			if hidden := db.rule(its, column).ID(id); hidden != id {
				id = hidden
				break
			}
		}
		e := audit.Event{Action: audit.Viewed, EntityType: its.Entity, Entity: id, Module: db.o.Module, BulkID: bulk}
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
		some, err := t.read(ctx, table, strings.Join(where, " OR "), args, true)
		if err != nil {
			return nil, err
		}
		after.merge(some)
	}
	return after, nil
}

// read reads rows, and locks them where others could change them.
func (t *Tx) read(ctx context.Context, table Table, where string, args []any, lock bool) (_ *found, err error) {
	query := "SELECT * FROM " + table.Name + " WHERE " + where
	if lock && !t.db.o.NoLock {
		query += " FOR UPDATE"
	}
	rows, err := t.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading what is to be recorded: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.ColumnTypes()
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

func (db *DB) scan(table Table, columns []*sql.ColumnType, rows *sql.Rows) (string, row, error) {
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	if err := rows.Scan(places...); err != nil {
		return "", row{}, err
	}
	one := row{}
	asKey, shown := map[string]any{}, map[string]any{}
	for i, column := range columns {
		name := column.Name()
		asKey[name], shown[name] = texts(values[i], slices.Contains(table.Key, name) && isBinary(column))
		one.fields.Set(name, shown[name], db.rule(table, name), db.o.Masks)
	}
	if rule := db.rule(table, table.Label); rule != audit.Mask && rule != audit.Omit {
		one.label = audit.TextOf(shown[table.Label])
	}
	ids := make([]string, len(table.Key))
	for i, column := range table.Key {
		one.key = append(one.key, asKey[column])
		ids[i] = db.rule(table, column).ID(audit.TextOf(shown[column]))
	}
	return strings.Join(ids, ","), one, nil
}

// rule is what holds for a column's values.
func (db *DB) rule(table Table, column string) audit.Rule {
	rule, ruled := table.Columns[column]
	if !ruled && db.o.Masks.Hides(column) {
		return audit.Mask
	}
	return rule
}

// texts gives a value as the database compares it, and as it is recorded: bytes that are no text as hexadecimal digits.
func texts(value any, binary bool) (compared, shown any) {
	bytes, ok := value.([]byte)
	switch {
	case !ok:
		return value, value
	case binary || !utf8.Valid(bytes):
		return bytes, hex.EncodeToString(bytes)
	}
	return string(bytes), string(bytes)
}

// isBinary reports whether a column holds bytes rather than text, so that ids of one table are all written alike.
func isBinary(column *sql.ColumnType) bool {
	name := column.DatabaseTypeName()
	return strings.Contains(name, "BINARY") || strings.Contains(name, "BLOB") || name == "BYTEA"
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
			t.hold(ctx, e)
		}
	}
}

// hold keeps an event until the transaction ends.
func (t *Tx) hold(ctx context.Context, e audit.Event) {
	e.Fill(ctx)
	t.events = append(t.events, pending{event: e})
}

// unread deals with a statement that was executed, and whose rows could not be read: what it did must not be committed when
// recording is strict, and is counted otherwise.
func (t *Tx) unread(ctx context.Context, action string, table Table, result sql.Result, why error) error {
	if t.db.strict {
		t.events = append(t.events, pending{refused: why})
		return why
	}
	told := map[string]any{"recorded": 0, "notRecorded": "rows that could not be read"}
	if n, err := result.RowsAffected(); err == nil {
		told["rows"] = n
	}
	t.hold(ctx, audit.Event{Action: action, EntityType: table.Entity, Module: t.db.o.Module, Metadata: told})
	return why
}
