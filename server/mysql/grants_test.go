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

// recorded puts one row into each table that only grows.
func recorded(t *testing.T, db *mysql.DB) {
	t.Helper()
	owner := mysqltest.OpenOwner(t, db)
	mustExec(t, owner, "INSERT INTO {ledger}.entry (seq, id, body, leaf) VALUES (0, REPEAT('i', 16), '{}', REPEAT('l', 32))")
	mustExec(t, owner, "INSERT INTO {ledger}.tile (level, number, hashes) VALUES (0, 0, 'h')")
	mustExec(t, owner, "INSERT INTO {ledger}.checkpoint (size, signed_at, root, note) VALUES (1, NOW(6), REPEAT('r', 32), 'n')")
	mustExec(t, owner, "INSERT INTO {ledger}.pruned_leaf (seq, leaf_data, pruned_by) VALUES (5, REPEAT('l', 32), 9)")
}

// rowOf is a row of a table that only grows, and how it could be changed.
type rowOf struct{ table, columns, same, other, change, key string }

func growing() []rowOf {
	return []rowOf{
		{"entry", "(seq, id, body, leaf)", "(0, REPEAT('i', 16), 'x', REPEAT('l', 32))", "(1, REPEAT('j', 16), '{}', REPEAT('m', 32))", "body = 'x'", "seq"},
		{"tile", "(level, number, hashes)", "(0, 0, 'x')", "(0, 1, 'h')", "hashes = 'x'", "level"},
		{"checkpoint", "(size, signed_at, root, note)", "(1, '2026-01-01', REPEAT('r', 32), 'x')", "(2, NOW(6), REPEAT('r', 32), 'n')", "note = 'x'", "size"},
		{"pruned_leaf", "(seq, leaf_data, pruned_by)", "(5, REPEAT('x', 32), 9)", "(6, REPEAT('l', 32), 9)", "pruned_by = 8", "seq"},
	}
}

// changes are the statements that would change a row of a table, remove one or get around the grants, by kind.
func changes() map[string]string {
	return map[string]string{
		"UPDATE":                  "UPDATE {ledger}.%table SET %change",
		"UPDATE of several":       "UPDATE {ledger}.%table a JOIN {ledger}.head h SET a.%change",
		"UPDATE by a main table":  "UPDATE {ledger}.%table a JOIN {main}.entry_index i ON TRUE SET a.%change",
		"REPLACE":                 "REPLACE INTO {ledger}.%table %columns VALUES %same",
		"REPLACE by SELECT":       "REPLACE INTO {ledger}.%table SELECT * FROM {ledger}.%table",
		"INSERT that updates":     "INSERT INTO {ledger}.%table %columns VALUES %same ON DUPLICATE KEY UPDATE %change",
		"LOAD DATA that replaces": "LOAD DATA INFILE '/dev/null' REPLACE INTO TABLE {ledger}.%table",
		"TRUNCATE":                "TRUNCATE TABLE {ledger}.%table",
		"DROP":                    "DROP TABLE {ledger}.%table",
		"ALTER":                   "ALTER TABLE {ledger}.%table ADD COLUMN extra INT",
		"ALTER of the engine":     "ALTER TABLE {ledger}.%table ENGINE = MEMORY",
		"RENAME":                  "RENAME TABLE {ledger}.%table TO {ledger}.gone",
		"CREATE INDEX":            "CREATE UNIQUE INDEX extra ON {ledger}.%table (%key)",
		"CREATE TRIGGER":          "CREATE TRIGGER {ledger}.trick BEFORE INSERT ON {ledger}.%table FOR EACH ROW SET @x = 1",
		"CREATE VIEW":             "CREATE VIEW {ledger}.trick AS SELECT * FROM {ledger}.%table",
		"LOCK TABLES":             "LOCK TABLES {ledger}.%table WRITE",
		"GRANT":                   "GRANT UPDATE ON {ledger}.%table TO keytrail_serve@localhost",
	}
}

// removals are the statements that remove rows and nothing else.
func removals() map[string]string {
	return map[string]string{
		"DELETE":            "DELETE FROM {ledger}.%table",
		"DELETE of several": "DELETE a FROM {ledger}.%table a JOIN {ledger}.head h",
	}
}

func (r rowOf) fill(statement string) string {
	return strings.NewReplacer("%table", r.table, "%change", r.change, "%columns", r.columns, "%same", r.same, "%key", r.key).Replace(statement)
}

func TestServingAccountCanOnlyAddToWhatTheLedgerHolds(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	recorded(t, db)
	for _, row := range growing() {
		for _, kinds := range []map[string]string{changes(), removals()} {
			for kind, statement := range kinds {
				t.Run(row.table+"/"+kind, func(t *testing.T) { refused(t, db, row.fill(statement)) })
			}
		}
		var held int
		if err := db.Get(t.Context(), &held, "SELECT COUNT(*) FROM {ledger}."+row.table); err != nil || held != 1 {
			t.Error(row.table, held, err)
		}
		if insert := "INSERT INTO {ledger}." + row.table + " " + row.columns + " VALUES " + row.other; row.table == "pruned_leaf" {
			refused(t, db, insert)
		} else {
			mustExec(t, db, insert)
		}
	}
}

func TestRetentionAccountDeletesEntriesAndChangesNone(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	recorded(t, db)
	retain := mysqltest.OpenRetention(t, db)
	for _, row := range growing() {
		for kind, statement := range changes() {
			t.Run(row.table+"/"+kind, func(t *testing.T) { refused(t, retain, row.fill(statement)) })
		}
		for kind, statement := range removals() {
			if row.table == "entry" {
				mustExec(t, retain, row.fill(statement))
				continue
			}
			t.Run(row.table+"/"+kind, func(t *testing.T) { refused(t, retain, row.fill(statement)) })
		}
		if insert := "INSERT INTO {ledger}." + row.table + " " + row.columns + " VALUES " + row.other; row.table == "pruned_leaf" {
			mustExec(t, retain, insert)
		} else {
			refused(t, retain, insert)
		}
	}
	for _, statement := range []string{
		"UPDATE {ledger}.head SET size = 0", "DELETE FROM {ledger}.head", "UPDATE {main}.entry_index SET action = 'x'",
		"SELECT COUNT(*) FROM {main}.account", "SELECT COUNT(*) FROM {main}.person", "SELECT COUNT(*) FROM {main}.seal_key",
	} {
		refused(t, retain, statement)
	}
}

func TestServingAccountMayNotMakeOrRemoveTables(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	for _, statement := range []string{
		"INSERT INTO {ledger}.head (id, size, frontier, recorded_at) VALUES (2, 0, '', NOW(6))",
		"DELETE FROM {ledger}.head", "TRUNCATE TABLE {ledger}.head", "DROP TABLE {ledger}.head",
		"SELECT * FROM {ledger}.entry INTO OUTFILE '/tmp/entries'",
		"CREATE TABLE {ledger}.other (id INT PRIMARY KEY)",
		"CREATE TABLE {main}.other (id INT PRIMARY KEY)",
		"DROP DATABASE {ledger}",
		"DELETE FROM {main}.goose_db_version",
		"SELECT COUNT(*) FROM {main}.goose_lock",
	} {
		refused(t, db, statement)
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
		"ledger.pruned_leaf: SELECT",
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
