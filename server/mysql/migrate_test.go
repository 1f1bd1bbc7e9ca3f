package mysql_test

import (
	"bytes"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// tables lists the tables of both schemas, without the migrations' own.
func tables(t *testing.T, db *mysql.DB) []string {
	t.Helper()
	var names []string
	err := db.Select(t.Context(), &names, `SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables
		WHERE table_schema IN (?, ?) AND table_name NOT LIKE 'goose%' ORDER BY 1`, db.Schema(), db.LedgerSchema())
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestMigrationsGoDownAndUpAgain(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	c := mysqltest.MigrateConfig(t, db)
	owner := mysqltest.OpenOwner(t, db)
	before := tables(t, owner)
	all, err := mysql.MigrationStatus(t.Context(), c, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.AppliedAt.IsZero() || m.Version == 0 || !strings.HasSuffix(m.Name, ".sql") {
			t.Fatalf("%+v", m)
		}
		if err := mysql.MigrateDown(t.Context(), c, migrations.FS); err != nil {
			t.Fatal(err)
		}
	}
	if left := tables(t, owner); len(left) != 0 {
		t.Fatalf("%v are left", left)
	}
	assertFault(t, mysql.MigrateDown(t.Context(), c, migrations.FS), "no migration to take back")
	if err := mysql.Migrate(t.Context(), c, migrations.FS); err != nil {
		t.Fatal(err)
	}
	if after := tables(t, owner); strings.Join(before, " ") != strings.Join(after, " ") {
		t.Fatalf("%v became %v", before, after)
	}
	mustExec(t, db, "UPDATE {ledger}.head SET size = size WHERE id = ?", 1) // the grants are back
}

func TestMigratingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	for range 2 {
		if err := mysql.Migrate(t.Context(), mysqltest.MigrateConfig(t, db), migrations.FS); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAMigrationThatWasKilledBeforeItWasNotedRunsAgain(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	c := mysqltest.MigrateConfig(t, db)
	owner := mysqltest.OpenOwner(t, db)
	mustExec(t, owner, "DELETE FROM goose_db_version ORDER BY version_id DESC LIMIT 1")
	if err := mysql.Migrate(t.Context(), c, migrations.FS); err != nil {
		t.Fatal(err)
	}
	if err := mysql.CheckVersion(t.Context(), db, migrations.FS); err != nil {
		t.Fatal(err)
	}
}

func TestAFirstMigrationThatWasKilledAtOnceRunsAgain(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	c := mysqltest.MigrateConfig(t, db)
	owner := mysqltest.OpenOwner(t, db)
	all, err := mysql.MigrationStatus(t.Context(), c, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	for range all {
		if err := mysql.MigrateDown(t.Context(), c, migrations.FS); err != nil {
			t.Fatal(err)
		}
	}
	mustExec(t, owner, "DELETE FROM goose_db_version")
	if err := mysql.Migrate(t.Context(), c, migrations.FS); err != nil {
		t.Fatal(err)
	}
}

func TestManyProcessesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	server := mysqltest.OpenServer(t)
	c := server.Config()
	c.Serve = strings.TrimSuffix(c.Serve, "/keytrail") + "/keytrail_many"
	c.Migrate = strings.TrimSuffix(c.Migrate, "/keytrail") + "/keytrail_many"
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := mysql.Migrate(t.Context(), c, migrations.FS); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestSchemaOfAnotherVersionIsRefused(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	if err := mysql.CheckVersion(t.Context(), db, migrations.FS); err != nil {
		t.Fatal(err)
	}
	newer := copyFiles(t)
	newer["99999_later.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nSELECT 1;\n")}
	assertFault(t, mysql.CheckVersion(t.Context(), db, newer), "keytrail migrate up")
	if err := mysql.MigrateDown(t.Context(), mysqltest.MigrateConfig(t, db), migrations.FS); err != nil {
		t.Fatal(err)
	}
	assertFault(t, mysql.CheckVersion(t.Context(), db, migrations.FS), "keytrail migrate up")
	older := fstest.MapFS{"00001_x.sql": &fstest.MapFile{Data: []byte("-- +goose Up\nSELECT 1;\n")}}
	assertFault(t, mysql.CheckVersion(t.Context(), db, older), "newer", "keytrail migrate down")
}

func TestMigrationThatFailsSaysWhichAndCanBeMended(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	c := mysqltest.MigrateConfig(t, db)
	files := copyFiles(t)
	files["90000_broken.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE {main}.x (id BROKEN);\n-- +goose Down\nDROP TABLE {main}.x;\n")}
	err := mysql.Migrate(t.Context(), c, files)
	assertFault(t, err, "keytrail migrate up")
	if !strings.Contains(err.Error(), "90000_broken.sql") && !strings.Contains(err.Error(), "90000") {
		t.Errorf("%v does not name the file", err)
	}
	files["90000_broken.sql"].Data = []byte("-- +goose Up\nCREATE TABLE {main}.x (id INT PRIMARY KEY);\n-- +goose Down\nDROP TABLE {main}.x;\n")
	if err := mysql.Migrate(t.Context(), c, files); err != nil {
		t.Fatal(err)
	}
	mustExec(t, db, "INSERT INTO {main}.x (id) VALUES (?)", 1)
}

func TestOpeningWithoutSchemaSaysToMigrate(t *testing.T) {
	t.Parallel()
	c := mysqltest.MigrateConfig(t, mysqltest.Open(t))
	c.Serve = c.Migrate + "_none"
	_, err := mysql.Open(t.Context(), c)
	assertFault(t, err, "keytrail migrate up")
}

func TestWrongPasswordIsExplained(t *testing.T) {
	t.Parallel()
	c := mysqltest.MigrateConfig(t, mysqltest.Open(t))
	user, server, _ := strings.Cut(c.Serve, "@")
	c.Serve = user + "wrong@" + server
	_, err := mysql.Open(t.Context(), c)
	assertFault(t, err, "keytrail_serve", "password", "KEYTRAIL_DATABASE")
	assertFault(t, mysql.Migrate(t.Context(), c, migrations.FS), "keytrail_serve", "password")
}

func TestServerThatIsNotThereIsExplained(t *testing.T) {
	t.Parallel()
	_, err := mysql.Open(t.Context(), mysql.Config{Serve: "mysql://a:b@127.0.0.1:1/keytrail"})
	assertFault(t, err, "127.0.0.1:1", "cannot be reached")
	if !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
}

func TestOneAccountForBothIsWarnedOf(t *testing.T) {
	t.Parallel()
	c := mysqltest.MigrateConfig(t, mysqltest.Open(t))
	var out bytes.Buffer
	c.Serve, c.Logger = c.Migrate, slog.New(slog.NewTextHandler(&out, nil))
	if err := mysql.Migrate(t.Context(), c, migrations.FS); err != nil {
		t.Fatal(err)
	}
	if strings.Count(out.String(), "level=WARN") != 1 || !strings.Contains(out.String(), "append-only") {
		t.Fatal(out.String())
	}
}

func copyFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	return files
}
