package mysql

import (
	"context"
	"slices"
	"strings"
)

// Table is a table of one of the two schemas.
type Table struct {
	// Ledger says that it stands in the ledger's schema.
	Ledger  bool
	Name    string
	Columns []Column
	// Key are the columns of its primary key, in order.
	Key []string
}

// Column is a column that holds values of its own.
type Column struct {
	Name string
	// Timed says that it holds a date or time.
	Timed bool
}

// Quoted gives the table's name as a statement of a DB writes it.
func (t Table) Quoted() string {
	if t.Ledger {
		return "{ledger}.`" + t.Name + "`"
	}
	return "{main}.`" + t.Name + "`"
}

const (
	selectColumns = `SELECT c.table_schema AS in_schema, c.table_name AS in_table, c.column_name AS named, c.data_type AS kind
		FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
		WHERE c.table_schema IN (?, ?) AND t.table_type = 'BASE TABLE' ORDER BY c.table_schema, c.table_name, c.ordinal_position`
	selectPrimary = `SELECT table_schema AS in_schema, table_name AS in_table, column_name AS named, '' AS kind FROM information_schema.statistics
		WHERE table_schema IN (?, ?) AND index_name = 'PRIMARY' ORDER BY table_schema, table_name, seq_in_index`
)

type columnRow struct {
	Schema string `db:"in_schema"`
	Table  string `db:"in_table"`
	Name   string `db:"named"`
	Kind   string `db:"kind"`
}

// Tables lists the tables of both schemas that the account may look at, without those in which migrations are noted,
// the main schema's first and each by name.
func (db *DB) Tables(ctx context.Context, q Querier) ([]Table, error) {
	var columns, keys []columnRow
	if err := q.Select(ctx, &columns, selectColumns, db.Schema(), db.LedgerSchema()); err != nil {
		return nil, err
	}
	if err := q.Select(ctx, &keys, selectPrimary, db.Schema(), db.LedgerSchema()); err != nil {
		return nil, err
	}
	var tables []Table
	for _, c := range columns {
		if c.Table == versionTable || c.Table == lockTable {
			continue
		}
		inLedger := c.Schema == db.LedgerSchema()
		if n := len(tables); n == 0 || tables[n-1].Name != c.Table || tables[n-1].Ledger != inLedger {
			tables = append(tables, Table{Ledger: inLedger, Name: c.Table, Key: keyOf(keys, c)})
		}
		last := &tables[len(tables)-1]
		kind := strings.ToLower(c.Kind)
		last.Columns = append(last.Columns, Column{Name: c.Name, Timed: slices.Contains([]string{"date", "datetime", "timestamp", "time"}, kind)})
	}
	return tables, nil
}

func keyOf(keys []columnRow, of columnRow) []string {
	var named []string
	for _, k := range keys {
		if k.Schema == of.Schema && k.Table == of.Table {
			named = append(named, k.Name)
		}
	}
	return named
}

// Version gives the newest migration that was applied.
func Version(ctx context.Context, q Querier) (int64, error) {
	var applied int64
	err := q.Get(ctx, &applied, "SELECT COALESCE(MAX(version_id), 0) FROM {main}."+versionTable)
	return applied, err
}
