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

// event is a row of the tracker's events, as texts.
type event struct {
	// place names it in messages: the row's id, or the line.
	place, user, state, at string
}

// columns are the names under which a table may hold each part of an event, folded.
func columns() map[string][]string {
	return map[string][]string{
		"id":    {"id", "eventid"},
		"user":  {"username", "user", "userid", "login"},
		"state": {"state", "status", "eventtype", "event"},
		"at":    {"ts", "timestamp", "eventtime", "eventts", "occurredat", "at", "createdat"},
	}
}

func fold(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.TrimPrefix(name, "\ufeff")))
}

// choose finds where each part of an event stands among the columns of a table.
func choose(names []string) (map[string]int, error) {
	found := map[string]int{"id": -1}
	for part, among := range columns() {
		for _, wanted := range among {
			for i, name := range names {
				if _, taken := found[part]; fold(name) == wanted && (!taken || found[part] < 0) {
					found[part] = i
				}
			}
		}
		if _, ok := found[part]; !ok {
			return nil, fault.New(fault.BadInput, "The events have no column for %s: one of %s is needed.", part, strings.Join(among, ", "))
		}
	}
	return found, nil
}

// read gives the events of a file to use, one after the other, in the file's order.
func read(ctx context.Context, path string, use func(event) error) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", path, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	buffered := bufio.NewReader(file)
	if head, _ := buffered.Peek(16); string(head) == "SQLite format 3\x00" {
		return readSQLite(ctx, path, use)
	}
	return readCSV(buffered, use)
}

func readCSV(from io.Reader, use func(event) error) error {
	r := csv.NewReader(from)
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil {
		return fault.Wrap(err, fault.BadInput, "The file is neither SQLite nor CSV with a line of column names: write it with psql's \\copy … CSV HEADER.")
	}
	at, err := choose(head)
	if err != nil {
		return err
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return fault.Wrap(err, fault.BadInput, "The CSV cannot be read: %v.", err)
		}
		if err := use(eventOf(at, record, "line "+itoa(line))); err != nil {
			return err
		}
	}
}

func eventOf(at map[string]int, record []string, place string) event {
	part := func(name string) string {
		if i := at[name]; i >= 0 && i < len(record) {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	if id := part("id"); id != "" {
		place = "event " + short(id)
	}
	return event{place, part("user"), part("state"), part("at")}
}

// tableOfEvents and tableOfHours are the tracker's tables.
const (
	tableOfEvents = "work_events"
	tableOfHours  = "user_real_work_summary"
)

func openSQLite(path string) (*sql.DB, error) {
	address := url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: "mode=ro&_pragma=query_only(1)&_pragma=busy_timeout(5000)"}
	db, err := sql.Open("sqlite", strings.ReplaceAll(address.String(), "%2F", "/"))
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

func readSQLite(ctx context.Context, path string, use func(event) error) (err error) {
	db, err := openSQLite(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	names, err := columnsOf(ctx, db, tableOfEvents)
	if err != nil {
		return err
	}
	at, err := choose(names)
	if err != nil {
		return err
	}
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = `"` + strings.ReplaceAll(name, `"`, `""`) + `" || ''` // as it was written
	}
	rows, err := db.QueryContext(ctx, "SELECT "+strings.Join(texts, ", ")+" FROM "+tableOfEvents)
	if err != nil {
		return fault.Wrap(err, fault.BadInput, "The tracker's table %s cannot be read: %v.", tableOfEvents, err)
	}
	defer func() { _ = rows.Close() }()
	for n := 1; rows.Next(); n++ {
		values := make([]sql.NullString, len(names))
		into, record := make([]any, len(names)), make([]string, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range values {
			record[i] = v.String
		}
		if err := use(eventOf(at, record, "row "+itoa(n))); err != nil {
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
