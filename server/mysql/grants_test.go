package mysql_test

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// refused asserts that the server denies a statement for want of a privilege, and for no other reason.
func refused(t *testing.T, db *mysql.DB, statement string) {
	t.Helper()
	_, err := db.Exec(t.Context(), statement)
	if err == nil || !strings.Contains(err.Error(), "denied") {
		t.Errorf("%s: %v", statement, err)
	}
}

func TestServingAccountCannotChangeWhatTheLedgerHolds(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	mustExec(t, db, "INSERT INTO {ledger}.entry (seq, id, body, leaf) VALUES (0, REPEAT('i', 16), '{}', REPEAT('l', 32))")
	mustExec(t, db, "INSERT INTO {ledger}.tile (level, number, hashes) VALUES (0, 0, 'h')")
	mustExec(t, db, "INSERT INTO {ledger}.checkpoint (size, signed_at, root, note) VALUES (1, NOW(6), REPEAT('r', 32), 'n')")
	for _, statement := range []string{
		"UPDATE {ledger}.entry SET body = 'x'",
		"REPLACE INTO {ledger}.entry (seq, id, body, leaf) VALUES (0, REPEAT('i', 16), 'x', REPEAT('l', 32))",
		"INSERT INTO {ledger}.entry (seq, id, body, leaf) VALUES (0, REPEAT('i', 16), 'x', REPEAT('l', 32)) ON DUPLICATE KEY UPDATE body = 'x'",
		"UPDATE {ledger}.tile SET hashes = 'x'",
		"REPLACE INTO {ledger}.tile (level, number, hashes) VALUES (0, 0, 'x')",
		"UPDATE {ledger}.checkpoint SET note = 'x'",
		"INSERT INTO {ledger}.head (id, size, frontier, recorded_at) VALUES (2, 0, '', NOW(6))",
		"SELECT * FROM {ledger}.entry INTO OUTFILE '/tmp/entries'",
		"CREATE TABLE {ledger}.other (id INT PRIMARY KEY)",
		"CREATE TABLE {main}.other (id INT PRIMARY KEY)",
		"DROP DATABASE {ledger}",
		"DELETE FROM {main}.goose_db_version",
		"SELECT COUNT(*) FROM {main}.goose_lock",
	} {
		refused(t, db, statement)
	}
	for _, table := range []string{"entry", "tile", "checkpoint", "head"} {
		for _, statement := range []string{
			"DELETE FROM {ledger}.%", "TRUNCATE TABLE {ledger}.%", "DROP TABLE {ledger}.%",
			"ALTER TABLE {ledger}.% ADD COLUMN extra INT", "RENAME TABLE {ledger}.% TO {ledger}.gone",
			"CREATE INDEX extra ON {ledger}.% (seq)", "LOCK TABLES {ledger}.% WRITE",
			"CREATE TRIGGER {ledger}.trick BEFORE INSERT ON {ledger}.% FOR EACH ROW SET @x = 1",
		} {
			refused(t, db, strings.ReplaceAll(statement, "%", table))
		}
	}
}

func TestServingAccountHoldsExactlyWhatItNeeds(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	var held []string
	err := db.Select(t.Context(), &held, `SELECT CONCAT(IF(table_schema = ?, 'main.', 'ledger.'), table_name, ': ',
			GROUP_CONCAT(privilege_type ORDER BY privilege_type SEPARATOR ', ')) AS held
		FROM information_schema.table_privileges WHERE table_schema IN (?, ?)
		GROUP BY table_schema, table_name ORDER BY held LIMIT 200`, db.Schema(), db.Schema(), db.LedgerSchema())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"ledger.checkpoint: INSERT, SELECT",
		"ledger.entry: INSERT, SELECT",
		"ledger.head: SELECT, UPDATE",
		"ledger.tile: INSERT, SELECT",
		"main.goose_db_version: SELECT",
	}
	for _, line := range held {
		if !slices.Contains(want, line) && !(strings.HasPrefix(line, "main.") && strings.HasSuffix(line, ": DELETE, INSERT, SELECT, UPDATE")) {
			t.Errorf("unexpected: %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(held, line) {
			t.Errorf("missing: %s", line)
		}
	}
}

func TestExcessAndMissingGrantsAreMended(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	owner := mysqltest.OpenOwner(t, db)
	mustExec(t, owner, "GRANT UPDATE, DELETE ON {ledger}.entry TO keytrail_serve@localhost")
	mustExec(t, owner, "REVOKE UPDATE ON {ledger}.head FROM keytrail_serve@localhost")
	mustExec(t, db, "UPDATE {ledger}.entry SET body = 'x'")
	if err := mysql.Migrate(t.Context(), mysqltest.MigrateConfig(t, db), migrations.FS); err != nil {
		t.Fatal(err)
	}
	refused(t, db, "UPDATE {ledger}.entry SET body = 'x'")
	refused(t, db, "DELETE FROM {ledger}.entry")
	mustExec(t, db, "UPDATE {ledger}.head SET size = size WHERE id = ?", 1)
}

func TestGrantsOnAWholeSchemaAreWarnedOf(t *testing.T) {
	t.Parallel()
	server := mysqltest.OpenServer(t)
	c := server.Config()
	asOwner := c
	asOwner.Serve = c.Migrate
	owner, err := mysql.Open(t.Context(), asOwner)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	mustExec(t, owner, "GRANT DELETE ON `keytrail\\_%`.* TO keytrail_serve@localhost")
	var out bytes.Buffer
	c.Logger = slog.New(slog.NewTextHandler(&out, nil))
	if err := mysql.Migrate(t.Context(), c, migrations.FS); err != nil {
		t.Fatal(err)
	}
	if strings.Count(out.String(), "level=WARN") != 1 || !strings.Contains(out.String(), "revoke") {
		t.Fatal(out.String())
	}
}
