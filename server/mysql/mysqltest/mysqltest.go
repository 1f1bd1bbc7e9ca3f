//go:build unix

// Package mysqltest gives tests a real database: a private MariaDB as keytrail runs it, with durable settings.
package mysqltest

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/mysql"
)

// sharedServer gives the MariaDB that the tests of this process share.
var sharedServer = sync.OnceValues(func() (*mysql.Private, error) {
	place, err := processPlace()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(place.root, "shared")
	if err := copyPrepared(dir); err != nil {
		return nil, err
	}
	return mysql.StartPrivate(context.Background(), mysql.PrivateConfig{DataDir: dir, BufferPoolBytes: bufferPool, RedoLogBytes: redoLog})
})

// Start starts the shared server before the first test asks for it, so that a TestMain can tell what belongs to it
// from what a test leaves behind.
func Start() error {
	_, err := sharedTemplate()
	return err
}

// pairs numbers the schemas of this process.
var pairs atomic.Int64

// Open gives a test a fresh pair of schemas, migrated and opened with the serving account. The tests of one
// process share a server. It fails, and does not skip, when mariadbd is missing.
func Open(t testing.TB) *mysql.DB {
	t.Helper()
	schema := fmt.Sprintf("keytrail_t%d", pairs.Add(1))
	c := configOf(t, schema)
	copied, err := sharedTemplate()
	if err == nil {
		err = copied.copyTo(t.Context(), schema)
	}
	if err != nil {
		t.Fatalf("copying the migrated schemas: %v", err)
	}
	migrate(t, c) // finds them at the newest version, and grants
	t.Cleanup(func() { drop(t, c) })
	return open(t, c)
}

// OpenOwner opens the schemas of a DB made by Open with the account that owns the tables, for tests that
// tamper with what the serving account may not touch.
func OpenOwner(t testing.TB, db *mysql.DB) *mysql.DB {
	t.Helper()
	c := MigrateConfig(t, db)
	c.Serve = c.Migrate
	return open(t, c)
}

// OpenRetention opens the schemas of a DB made by Open with the account that prunes.
func OpenRetention(t testing.TB, db *mysql.DB) *mysql.DB {
	t.Helper()
	opened, err := mysql.OpenRetention(context.Background(), MigrateConfig(t, db))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return opened
}

// MigrateConfig gives the addresses of all accounts for the schemas of a DB made by Open.
func MigrateConfig(t testing.TB, db *mysql.DB) mysql.Config {
	t.Helper()
	return configOf(t, db.Schema())
}

func configOf(t testing.TB, schema string) mysql.Config {
	t.Helper()
	server, err := sharedServer()
	if err != nil {
		t.Fatalf("the tests need MariaDB: %v", err)
	}
	return inSchema(server.Config(), schema)
}

func inSchema(c mysql.Config, schema string) mysql.Config {
	c.Serve = withSchema(c.Serve, schema)
	c.Migrate = withSchema(c.Migrate, schema)
	c.Retain = withSchema(c.Retain, schema)
	return c
}

func withSchema(dsn, schema string) string {
	return dsn[:strings.LastIndexByte(dsn, '/')+1] + schema
}

func open(t testing.TB, c mysql.Config) *mysql.DB {
	t.Helper()
	db, err := mysql.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func migrate(t testing.TB, c mysql.Config) {
	t.Helper()
	if err := mysql.Migrate(context.Background(), c, migrations.FS); err != nil {
		t.Fatal(err)
	}
}

// drop removes the schemas. What was granted on their tables stays behind and harms nobody: names are not used again.
func drop(t testing.TB, c mysql.Config) {
	c.Serve = c.Migrate
	db, err := mysql.Open(context.Background(), c)
	if err != nil {
		t.Error(err)
		return
	}
	defer db.Close()
	for _, statement := range []string{"DROP DATABASE {ledger}", "DROP DATABASE {main}"} {
		if _, err := db.Exec(context.Background(), statement); err != nil {
			t.Error(err)
		}
	}
}
