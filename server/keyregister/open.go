// Package keyregister brings the data of the key register, an older program with an SQLite database, into keytrail.
package keyregister

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/keytrail/keytrail/server/fault"
)

// source is a register's database, open for reading.
type source struct {
	db     *sql.DB
	tables map[string]string // real names by folded ones
}

// openSource opens a register's file without ever writing to it. BAD_USER_INPUT when it is no SQLite database.
func openSource(ctx context.Context, path string) (*source, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "%s cannot be read: %v. Name the register's database file.", path, err)
	}
	address := url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: "mode=ro&_pragma=query_only(1)&_pragma=busy_timeout(5000)"}
	db, err := sql.Open("sqlite", strings.ReplaceAll(address.String(), "%2F", "/"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &source{db: db, tables: map[string]string{}}
	if err := s.list(ctx); err != nil {
		return nil, errors.Join(fault.Wrap(err, fault.BadInput, "%s is no SQLite database that can be read: %v.", path, err), db.Close())
	}
	return s, nil
}

func (s *source) list(ctx context.Context) error {
	rows, err := s.db.QueryContext(ctx, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		s.tables[fold(name)] = name
	}
	return rows.Err()
}

func (s *source) close() error { return s.db.Close() }

// fold maps key_logs, keyLogs and KeyLog_s to one text.
func fold(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

// table gives the real name of the first of several names that is there, "" when none is.
func (s *source) table(names ...string) string {
	for _, n := range names {
		if found, ok := s.tables[n]; ok {
			return found
		}
	}
	return ""
}

// maxRows bounds what is read of one table into memory.
const maxRows = 2_000_000

// row is one row of a table: its values as texts, by folded column.
type row struct {
	place  string // for messages: table and id
	values map[string]string
}

// first gives the first of several columns that holds something.
func (r row) first(columns ...string) string {
	for _, c := range columns {
		if v := strings.TrimSpace(r.values[c]); v != "" {
			return v
		}
	}
	return ""
}

// read gives a table's rows in the order in which they were written.
func (s *source) read(ctx context.Context, table string, ids ...string) ([]row, error) {
	columns, err := s.columns(ctx, table)
	if err != nil {
		return nil, err
	}
	found, err := s.db.QueryContext(ctx, "SELECT "+asTexts(columns)+" FROM "+quoted(table))
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "The register's table %s cannot be read: %v.", table, err)
	}
	defer func() { _ = found.Close() }()
	var rows []row
	for found.Next() {
		if len(rows) == maxRows {
			return nil, fault.New(fault.BadInput, "The register's table %s has more than %d rows: split it.", table, maxRows)
		}
		values := make([]sql.NullString, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := found.Scan(into...); err != nil {
			return nil, err
		}
		rows = append(rows, rowOf(table, len(rows), columns, values, ids))
	}
	return rows, found.Err()
}

// columns lists a table's columns, without those that hold passwords.
func (s *source) columns(ctx context.Context, table string) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT name FROM pragma_table_info(?)", table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var columns []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if !strings.Contains(fold(name), "password") && !strings.HasSuffix(fold(name), "hash") {
			columns = append(columns, name)
		}
	}
	if len(columns) == 0 && rows.Err() == nil {
		return nil, fault.New(fault.BadInput, "The register's table %s has no columns that can be read.", table)
	}
	return columns, rows.Err()
}

// asTexts has SQLite give values as texts, as they were written: the driver would change times without a zone.
func asTexts(columns []string) string {
	texts := make([]string, len(columns))
	for i, c := range columns {
		texts[i] = quoted(c) + " || ''"
	}
	return strings.Join(texts, ", ")
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func rowOf(table string, place int, columns []string, values []sql.NullString, ids []string) row {
	r := row{values: make(map[string]string, len(columns))}
	for i, c := range columns {
		r.values[fold(c)] = values[i].String
	}
	r.place = fmt.Sprintf("%s, row %d", table, place+1)
	if one := r.first(ids...); one != "" && slices.IndexFunc([]rune(one), func(c rune) bool { return c < ' ' }) < 0 {
		r.place = fmt.Sprintf("%s %.40s", table, one)
	}
	return r
}
