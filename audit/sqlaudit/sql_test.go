package sqlaudit_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	_ "github.com/go-sql-driver/mysql"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/internal/mariadbtest"
	"github.com/keytrail/keytrail/audit/sqlaudit"
)

// memory keeps events; fail makes it refuse them.
type memory struct {
	events []string
	strict bool
	fail   error
}

func (m *memory) Record(ctx context.Context, e audit.Event) error {
	if m.fail != nil {
		return m.fail
	}
	e.Fill(ctx)
	text := e.Action + " " + e.EntityType + " " + e.Entity
	if e.Actor != nil {
		text += " by " + e.Actor.ExternalID
	}
	for _, c := range e.Changes {
		text += fmt.Sprintf(" %s:%v>%v", c.Path, c.Before, c.After)
	}
	m.events = append(m.events, text)
	return nil
}

func (m *memory) Strict() bool { return m.strict }

func (m *memory) want(t *testing.T, events ...string) {
	t.Helper()
	if !slices.Equal(m.events, events) {
		t.Errorf("recorded:\n  %s\nwant:\n  %s", strings.Join(m.events, "\n  "), strings.Join(events, "\n  "))
	}
	m.events = nil
}

// start gives a database after some statements.
func start(t *testing.T, server *mariadbtest.Server, statements ...string) *sql.DB {
	t.Helper()
	pool, err := sql.Open("mysql", server.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	for _, one := range statements {
		if _, err := pool.Exec(one); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}

func TestRows(t *testing.T) {
	server := mariadbtest.Start(t)
	for name, f := range map[string]func(*testing.T, *mariadbtest.Server){
		"statements are recorded row by row":                                              rowByRow,
		"keys of bytes find their rows and are written as hexadecimal digits":             bytes,
		"an insert that may meet rows is refused, and rows with unknown keys are counted": inserts,
		"a key that is a secret is recorded as a hash":                                    secretKey,
		"what is rolled back to a savepoint is not recorded":                              savepoints,
		"of a commit whose answer was lost nobody says that it was done or not":           answerLost,
		"inserts do not wait for each other":                                              besideEachOther,
		"what was done and cannot be read is not committed strictly, and counted else":    unread,
		"what may have been recorded before a rollback is taken back":                     takenBack,
	} {
		t.Run(name, func(t *testing.T) { f(t, server) })
	}
}

func rowByRow(t *testing.T, server *mariadbtest.Server) {
	pool := start(t, server, "CREATE OR REPLACE TABLE users (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50), role VARCHAR(20) DEFAULT 'guest', password VARCHAR(50))")
	m := &memory{}
	db := sqlaudit.New(pool, m, sqlaudit.Options{MaxRows: 3, Tables: []sqlaudit.Table{{
		Name: "users", Entity: "User", Columns: map[string]audit.Rule{"role": audit.Plain, "name": audit.Personal},
	}}})
	ctx := audit.WithActor(t.Context(), audit.Person{ExternalID: "7"})
	do := func(f func(tx *sqlaudit.Tx) error) {
		t.Helper()
		if err := db.InTx(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	guests := sqlaudit.Rows{Table: "users", Where: "role = ?", Args: []any{"guest"}}

	do(func(tx *sqlaudit.Tx) error {
		_, err := tx.Insert(ctx, "users", "INSERT INTO users (name, password) VALUES (?, ?), (?, ?)", "Anna", "hidden", "Bob", "hidden")
		return err
	})
	m.want(t, "create User 1 by 7 /id:<nil>>1 /name:<nil>>Anna /password:<nil>>[masked] /role:<nil>>guest",
		"create User 2 by 7 /id:<nil>>2 /name:<nil>>Bob /password:<nil>>[masked] /role:<nil>>guest")
	do(func(tx *sqlaudit.Tx) error {
		_, err := tx.Update(ctx, guests, "UPDATE users SET role = 'member' WHERE role = ?", "guest")
		return err
	})
	m.want(t, "update User 1 by 7 /role:guest>member", "update User 2 by 7 /role:guest>member")

	gone := errors.New("not this")
	err := db.InTx(ctx, func(tx *sqlaudit.Tx) error {
		_, err := tx.Update(ctx, sqlaudit.Rows{Table: "users", Where: "id = ?", Args: []any{1}}, "DELETE FROM users WHERE id = ?", 1)
		return errors.Join(err, gone)
	})
	if !errors.Is(err, gone) {
		t.Fatal(err)
	}
	m.want(t)
	do(func(tx *sqlaudit.Tx) error {
		byID := sqlaudit.Rows{Table: "users", Where: "id IN (?, ?)", Args: []any{1, 9}}
		if _, err := tx.Update(ctx, byID, "DELETE FROM users WHERE id = ?", 1); err != nil {
			return err
		}
		_, err := tx.Update(ctx, byID, "INSERT INTO users (id, name) VALUES (?, ?)", 9, "Cid")
		return err
	})
	m.want(t, "delete User 1 by 7 /id:1><nil> /name:Anna><nil> /password:[masked]><nil> /role:member><nil>",
		"create User 9 by 7 /id:<nil>>9 /name:<nil>>Cid /password:<nil>><nil> /role:<nil>>guest")

	if err := db.Viewed(ctx, "users", 2); err != nil {
		t.Fatal(err)
	}
	m.want(t, "read User 2 by 7")
	strictly(t, ctx, pool, db, m)
}

// unsure takes events, and says of the n-th that it may not have it, as a client does whose disk fails.
type unsure struct {
	events []audit.Event
	n      int
	fail   error
}

func (u *unsure) Record(ctx context.Context, e audit.Event) error {
	e.Fill(ctx)
	if u.events = append(u.events, e); len(u.events) == u.n {
		return u.fail
	}
	return nil
}

func (u *unsure) Strict() bool { return true }

func takenBack(t *testing.T, server *mariadbtest.Server) {
	pool := start(t, server, "CREATE OR REPLACE TABLE users (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50))")
	u := &unsure{n: 2, fail: errors.New("the disk fails")}
	db := sqlaudit.New(pool, u, sqlaudit.Options{Tables: []sqlaudit.Table{{Name: "users"}}})
	err := db.InTx(t.Context(), func(tx *sqlaudit.Tx) error {
		_, err := tx.Insert(t.Context(), "users", "INSERT INTO users (name) VALUES ('Anna'), ('Bob'), ('Cid')")
		return err
	})
	if !errors.Is(err, u.fail) || len(u.events) != 4 {
		t.Fatalf("%v after %d events", err, len(u.events))
	}
	for i, e := range u.events[2:] {
		if told, _ := e.Metadata.(map[string]any); e.Outcome != audit.Failure || told["notCommitted"] != u.events[i].EventID {
			t.Errorf("%d: %+v", i, e)
		}
	}
}

func bytes(t *testing.T, server *mariadbtest.Server) {
	pool := start(t, server, "CREATE OR REPLACE TABLE files (id BINARY(4) PRIMARY KEY, state VARCHAR(20), hash VARBINARY(4))",
		"INSERT INTO files VALUES (x'00ff80fe', 'new', x'ff'), ('abcd', 'new', 'x')")
	m := &memory{}
	db := sqlaudit.New(pool, m, sqlaudit.Options{Tables: []sqlaudit.Table{{Name: "files"}}})
	err := db.InTx(t.Context(), func(tx *sqlaudit.Tx) error {
		_, err := tx.Update(t.Context(), sqlaudit.Rows{Table: "files", Where: "state = 'new'"}, "UPDATE files SET state = 'read', hash = x'fe' WHERE state = 'new'")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m.want(t, "update files 00ff80fe /hash:ff>fe /state:new>read", "update files 61626364 /hash:x>fe /state:new>read")
}

func inserts(t *testing.T, server *mariadbtest.Server) {
	pool := start(t, server, "CREATE OR REPLACE TABLE users (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50) UNIQUE, n INT)", "INSERT INTO users (name, n) VALUES ('Anna', 1), ('Bob', 1)")
	m := &memory{}
	db := sqlaudit.New(pool, m, sqlaudit.Options{Tables: []sqlaudit.Table{{Name: "users"}}})
	insert := func(query string) error {
		return db.InTx(t.Context(), func(tx *sqlaudit.Tx) error {
			_, err := tx.Insert(t.Context(), "users", query)
			return err
		})
	}
	for _, query := range []string{
		"INSERT INTO users (name, n) VALUES ('Anna', 9) ON DUPLICATE KEY UPDATE n = 9", "REPLACE INTO users (name) VALUES ('Anna')",
		"/* x */ INSERT LOW_PRIORITY IGNORE INTO users (name) VALUES ('Anna')",
	} {
		if err := insert(query); err == nil || !strings.Contains(err.Error(), "use Update") {
			t.Errorf("%s gives %v", query, err)
		}
	}
	var n int
	if err := pool.QueryRow("SELECT COUNT(*) FROM users WHERE n = 1").Scan(&n); err != nil || n != 2 {
		t.Errorf("something was done: %d %v", n, err)
	}
	m.want(t)
	if err := insert("INSERT INTO users (id, name) VALUES (100, 'on conflict'), (90, 'replace')"); err != nil {
		t.Fatal(err)
	}
	m.want(t, "create users 90 /id:<nil>>90 /n:<nil>><nil> /name:<nil>>replace", "create users ")
}

func secretKey(t *testing.T, server *mariadbtest.Server) {
	pool := start(t, server, "CREATE OR REPLACE TABLE sessions (token VARCHAR(40) PRIMARY KEY, data TEXT)")
	m := &memory{}
	db := sqlaudit.New(pool, m, sqlaudit.Options{Tables: []sqlaudit.Table{{Name: "sessions", Key: []string{"token"}, Label: "token"}}})
	err := db.InTx(t.Context(), func(tx *sqlaudit.Tx) error {
		rows := sqlaudit.Rows{Table: "sessions", Where: "token = ?", Args: []any{"hidden"}}
		_, err := tx.Update(t.Context(), rows, "INSERT INTO sessions VALUES ('hidden', 'x')")
		return err
	})
	if err := errors.Join(err, db.Viewed(t.Context(), "sessions", "hidden")); err != nil {
		t.Fatal(err)
	}
	const hash = "sha256:e564b4081d7a9ea4b00dada53bdae70c"
	m.want(t, "create sessions "+hash+" /data:<nil>>x /token:<nil>>[masked]", "read sessions "+hash)
}

func savepoints(t *testing.T, server *mariadbtest.Server) {
	pool := start(t, server, "CREATE OR REPLACE TABLE users (id INT PRIMARY KEY AUTO_INCREMENT, n INT)", "INSERT INTO users (n) VALUES (1)")
	m := &memory{}
	db := sqlaudit.New(pool, m, sqlaudit.Options{Tables: []sqlaudit.Table{{Name: "users"}}})
	err := db.InTx(t.Context(), func(tx *sqlaudit.Tx) error {
		var errs []error
		set := func(n int) {
			_, err := tx.Update(t.Context(), sqlaudit.Rows{Table: "users", Where: "id = 1"}, "UPDATE users SET n = ? WHERE id = 1", n)
			errs = append(errs, err)
		}
		do := func(query string) {
			_, err := tx.Exec(query)
			errs = append(errs, err)
		}
		set(2)
		do("SAVEPOINT s")
		set(3)
		do("ROLLBACK TO SAVEPOINT s")
		set(4)
		return errors.Join(errs...)
	})
	if err != nil {
		t.Fatal(err)
	}
	m.want(t, "update users 1 /n:1>2", "update users 1 /n:2>4")
}

func answerLost(t *testing.T, server *mariadbtest.Server) {
	pool := start(t, server, "CREATE OR REPLACE TABLE users (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50))")
	for _, strict := range []bool{true, false} {
		u := &lossy{strict: strict}
		err := sqlaudit.New(pool, u, sqlaudit.Options{Tables: []sqlaudit.Table{{Name: "users"}}}).InTx(t.Context(), func(tx *sqlaudit.Tx) error {
			_, err := tx.Insert(t.Context(), "users", "INSERT INTO users (name) VALUES ('Anna')")
			var connection int
			err = errors.Join(err, tx.QueryRow("SELECT CONNECTION_ID()").Scan(&connection))
			_, killed := pool.Exec("KILL ?", connection)
			return errors.Join(err, killed)
		})
		last := u.events[len(u.events)-1]
		told, _ := last.Metadata.(map[string]any)
		if err == nil || last.Outcome != audit.Failure || strict && told["commitNotKnown"] != u.events[0].EventID || !strict && (told["committed"] == nil || len(last.Changes) != 2) {
			t.Errorf("strict is %v: %v, %+v", strict, err, last)
		}
	}
}

// lossy keeps events.
type lossy struct {
	events []audit.Event
	strict bool
}

func (l *lossy) Record(ctx context.Context, e audit.Event) error {
	e.Fill(ctx)
	l.events = append(l.events, e)
	return nil
}

func (l *lossy) Strict() bool { return l.strict }

func besideEachOther(t *testing.T, server *mariadbtest.Server) {
	pool := start(t, server, "CREATE OR REPLACE TABLE users (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50))")
	m := &memory{}
	db := sqlaudit.New(pool, m, sqlaudit.Options{Tables: []sqlaudit.Table{{Name: "users"}}})
	insert := func(tx *sqlaudit.Tx, name string) error {
		if _, err := tx.Exec("SET innodb_lock_wait_timeout = 1"); err != nil {
			return err
		}
		_, err := tx.Insert(t.Context(), "users", "INSERT INTO users (name) VALUES (?)", name)
		return err
	}
	err := db.InTx(t.Context(), func(outer *sqlaudit.Tx) error {
		return errors.Join(insert(outer, "Anna"), db.InTx(t.Context(), func(tx *sqlaudit.Tx) error { return insert(tx, "Bob") }))
	})
	if err != nil {
		t.Error(err)
	}
	m.want(t, "create users 2 /id:<nil>>2 /name:<nil>>Bob", "create users 1 /id:<nil>>1 /name:<nil>>Anna")
}

func unread(t *testing.T, server *mariadbtest.Server) {
	pool := start(t, server, "CREATE OR REPLACE TABLE users (id INT PRIMARY KEY AUTO_INCREMENT, n INT)")
	for _, strict := range []bool{true, false} {
		m := &memory{strict: strict}
		db := sqlaudit.New(pool, m, sqlaudit.Options{MaxRows: 2, Tables: []sqlaudit.Table{{Name: "users"}}})
		err := db.InTx(t.Context(), func(tx *sqlaudit.Tx) error {
			_, err := tx.Insert(t.Context(), "users", "INSERT INTO users (n) VALUES (1), (2), (3)")
			if !errors.Is(err, sqlaudit.ErrTooMany) {
				t.Errorf("three rows give %v", err)
			}
			return nil // as if nothing were wrong
		})
		var n int
		if err := pool.QueryRow("SELECT COUNT(*) FROM users").Scan(&n); err != nil {
			t.Fatal(err)
		}
		if strict && (n != 0 || !errors.Is(err, sqlaudit.ErrTooMany)) || !strict && (n != 3 || err != nil) {
			t.Errorf("strict is %v: %d rows, %v", strict, n, err)
		}
		if strict {
			m.want(t)
		} else {
			m.want(t, "create users ")
		}
	}
}

func strictly(t *testing.T, ctx context.Context, pool *sql.DB, loose *sqlaudit.DB, m *memory) {
	m.strict, m.fail = true, errors.New("the disk is full")
	db := sqlaudit.New(pool, m, sqlaudit.Options{MaxRows: 3, Tables: []sqlaudit.Table{{Name: "users"}}})
	insert := func(tx *sqlaudit.Tx) error {
		_, err := tx.Insert(ctx, "users", "INSERT INTO users (name) VALUES ('Dan')")
		return err
	}
	if err := db.InTx(ctx, insert); !errors.Is(err, m.fail) {
		t.Errorf("what cannot be recorded gives %v", err)
	}
	var n int
	if err := pool.QueryRow("SELECT COUNT(*) FROM users WHERE name = 'Dan'").Scan(&n); err != nil || n != 0 {
		t.Errorf("it was done all the same: %d %v", n, err)
	}
	m.fail, m.strict = nil, false
	for range 2 {
		if err := loose.InTx(ctx, insert); err != nil {
			t.Fatal(err)
		}
	}
	err := loose.InTx(ctx, func(tx *sqlaudit.Tx) error {
		_, err := tx.Update(ctx, sqlaudit.Rows{Table: "users", Where: "1 = 1"}, "DELETE FROM users")
		return err
	})
	if !errors.Is(err, sqlaudit.ErrTooMany) {
		t.Errorf("too many rows give %v", err)
	}
}
