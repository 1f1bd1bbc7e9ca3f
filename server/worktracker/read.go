// Package worktracker brings the data of the work tracker, an older program that counted working hours, into keytrail: its
// SQLite database, or a table as psql writes it to CSV.
package worktracker

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"io"
	"net/url"
	"os"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/keytrail/keytrail/server/fault"
)

// table is a table of the tracker's.
type table struct {
	name string
	// rows is what a row is called in messages, one in the singular.
	rows, one string
	// columns are the names under which it may hold each part of a row, folded. Only the id may be missing.
	columns map[string][]string
}

// record is a row, as texts.
type record struct {
	// place names it in messages: the row's id, or the line.
	place string
	parts map[string]string
}

func users() []string { return []string{"username", "user", "userid", "login"} }

// events is what the tracker was told.
func events() table {
	return table{"work_events", "events", "event", map[string][]string{
		"id":    {"id", "eventid"},
		"user":  users(),
		"state": {"state", "status", "eventtype", "event"},
		"at":    {"ts", "timestamp", "eventtime", "eventts", "occurredat", "at", "createdat"},
	}}
}

// sums is what the tracker counted.
func sums() table {
	return table{"user_real_work_summary", "sums", "sum", map[string][]string{
		"id": {"id"}, "user": users(), "date": {"workdate", "date", "day"}, "hours": {"realhourscounted", "realhours", "hours"},
	}}
}

func fold(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.TrimPrefix(name, "\ufeff")))
}

// choose finds where each part of a row stands among the columns of a file.
func (t table) choose(names []string) (map[string]int, error) {
	found := map[string]int{"id": -1}
	for part, among := range t.columns {
		for _, wanted := range among {
			for i, name := range names {
				if _, taken := found[part]; fold(name) == wanted && (!taken || found[part] < 0) {
					found[part] = i
				}
			}
		}
		if _, ok := found[part]; !ok {
			return nil, fault.New(fault.BadInput, "The %s have no column for %s: one of %s is needed.", t.rows, part, strings.Join(among, ", "))
		}
	}
	return found, nil
}

// read gives the rows of a file to use, one after the other, in the file's order.
func (t table) read(ctx context.Context, path string, use func(record) error) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", path, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	buffered := bufio.NewReader(file)
	if head, _ := buffered.Peek(16); string(head) == "SQLite format 3\x00" {
		return t.readSQLite(ctx, path, use)
	}
	return t.readCSV(buffered, use)
}

func (t table) readCSV(from io.Reader, use func(record) error) error {
	r := csv.NewReader(from)
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil {
		return fault.Wrap(err, fault.BadInput, "The file is neither SQLite nor CSV with a line of column names: write it with psql's \\copy … CSV HEADER.")
	}
	at, err := t.choose(head)
	if err != nil {
		return err
	}
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return fault.Wrap(err, fault.BadInput, "The CSV cannot be read: %v.", err)
		}
		if err := use(t.record(at, fields, "line "+itoa(line))); err != nil {
			return err
		}
	}
}

func (t table) record(at map[string]int, fields []string, place string) record {
	parts := make(map[string]string, len(at))
	for name, i := range at {
		if i >= 0 && i < len(fields) {
			parts[name] = strings.TrimSpace(fields[i])
		}
	}
	if id := parts["id"]; id != "" {
		place = t.one + " " + short(id)
	}
	return record{place, parts}
}

func openSQLite(path string) (*sql.DB, error) {
	address := url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: "mode=ro&_pragma=query_only(1)&_pragma=busy_timeout(5000)"}
	db, err := sql.Open("sqlite", strings.ReplaceAll(address.String(), "%2F", "/"))
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

func (t table) readSQLite(ctx context.Context, path string, use func(record) error) (err error) {
	db, err := openSQLite(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	names, err := columnsOf(ctx, db, t.name)
	if err != nil {
		return err
	}
	at, err := t.choose(names)
	if err != nil {
		return err
	}
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = `"` + strings.ReplaceAll(name, `"`, `""`) + `" || ''` // as it was written
	}
	rows, err := db.QueryContext(ctx, "SELECT "+strings.Join(texts, ", ")+" FROM "+t.name)
	if err != nil {
		return fault.Wrap(err, fault.BadInput, "The tracker's table %s cannot be read: %v.", t.name, err)
	}
	defer func() { _ = rows.Close() }()
	for n := 1; rows.Next(); n++ {
		values := make([]sql.NullString, len(names))
		into, fields := make([]any, len(names)), make([]string, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range values {
			fields[i] = v.String
		}
		if err := use(t.record(at, fields, "row "+itoa(n))); err != nil {
			return err
		}
	}
	return rows.Err()
}

func columnsOf(ctx context.Context, db *sql.DB, table string) (names []string, err error) {
	rows, err := db.QueryContext(ctx, "SELECT name FROM pragma_table_info(?)", table)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "The file is no SQLite database that can be read: %v.", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	if len(names) == 0 && rows.Err() == nil {
		return nil, fault.New(fault.BadInput, "The database has no table %s.", table)
	}
	return names, rows.Err()
}
