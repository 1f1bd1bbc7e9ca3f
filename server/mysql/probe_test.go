package mysql_test

import (
	"context"
	"testing"
	"time"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

const patience = 30 * time.Second

// openWithProbe gives a database with a table {main}.probe (id, n, name unique) that holds rows 1 and 2.
func openWithProbe(t *testing.T) *mysql.DB {
	t.Helper()
	db := mysqltest.Open(t)
	makeProbe(t, mysqltest.MigrateConfig(t, db))
	return db
}

func makeProbe(t *testing.T, c mysql.Config) {
	t.Helper()
	asOwner := c
	asOwner.Serve = c.Migrate
	owner, err := mysql.Open(t.Context(), asOwner)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	mustExec(t, owner, "CREATE TABLE {main}.probe (id BIGINT PRIMARY KEY, n BIGINT NOT NULL, name VARCHAR(40), UNIQUE KEY probe_name (name))")
	mustExec(t, owner, "INSERT INTO {main}.probe (id, n, name) VALUES (1, 0, 'one'), (2, 0, 'two')")
	if err := mysql.Migrate(t.Context(), c, migrations.FS); err != nil { // grants
		t.Fatal(err)
	}
}

func mustExec(t *testing.T, q mysql.Querier, query string, args ...any) {
	t.Helper()
	if _, err := q.Exec(context.Background(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func probeValue(t *testing.T, q mysql.Querier, id int) int {
	t.Helper()
	var n int
	if err := q.Get(context.Background(), &n, "SELECT n FROM {main}.probe WHERE id = ?", id); err != nil {
		t.Fatal(err)
	}
	return n
}

// eventually tries until it succeeds.
func eventually(t *testing.T, try func() error) {
	t.Helper()
	deadline := time.Now().Add(patience)
	err := try()
	for err != nil && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
		err = try()
	}
	if err != nil {
		t.Fatal(err)
	}
}
