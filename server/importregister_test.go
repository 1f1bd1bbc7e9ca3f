package main

import (
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// oldRegister writes a key register's database with everything odd that such ones hold.
func oldRegister(t *testing.T, path string, more ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range append([]string{
		"CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, password_hash TEXT, role TEXT)",
		"CREATE TABLE persons (id INTEGER PRIMARY KEY, name TEXT)",
		`CREATE TABLE "keys" (id TEXT PRIMARY KEY, keyNumber, label TEXT, category TEXT, floor TEXT)`,
		"CREATE TABLE key_groups (key_group_id INTEGER PRIMARY KEY, name TEXT, keys TEXT, users TEXT)",
		"CREATE TABLE key_logs (id INTEGER PRIMARY KEY, action TEXT, key_id TEXT, at DATETIME, user_name TEXT, comment TEXT)",
		"INSERT INTO users VALUES (1, 'admin', 'pbkdf2:secret', 'admin')",
		"INSERT INTO persons VALUES (1, 'Jānis Bērziņš'), (2, 'Pēteris Lācis'), (3, '')",
		`INSERT INTO "keys" VALUES ('k-101', 101, 'Room 101', 'Room', '1'), ('k-102', 102, '` + strings.Repeat("long ", 60) + `', '', ''), ('k-x', 101, 'Again', '', ''), ('k-B7', 'B-7', 'Gate', '', '')`,
		`INSERT INTO key_groups VALUES (1, 'Halls', '["k-101","k-B7"]', '[1, "jānis bērziņš", 77]'), (2, '', '[]', '[]'), (3, 'Closed', '[]', '["77"]')`,
		`INSERT INTO key_logs VALUES
			(1, 'Izsniegts', 'k-101', '2025-05-20T10:30:00Z', 'Jānis Bērziņš', 'Room 204 usage'),
			(2, 'Atgriezts', 'k-101', '2025-05-20 16:00:00', 'Jānis Bērziņš', ''),
			(3, 'Izsniegti', 'k-102', 1747810800, 'Pēteris Lācis', ''),
			(4, 'Atgriezti', 'k-102', '2025-05-21 12:00:00', '', ''),
			(5, 'Issued', 'k-101', '2025-10-26 03:30:00', 'Jānis Bērziņš', NULL),
			(6, 'Returned', 'k-101', '2025-10-26 03:15:00', 'Jānis Bērziņš', NULL),
			(7, 'Izsniegts', 'k-101', '2025-11-01T08:00:00', '', ''),
			(8, 'Atgriezts', 'k-101', '2025-11-01T09:00:00', '', ''),
			(9, 'Izsniegts', 'k-999', '2025-11-01T09:00:00', 'Jānis Bērziņš', ''),
			(10, 'Izsniegts', 'k-B7', '2025-11-02 10:00:00.250', 'Jānis Bērziņš', ''),
			(11, 'Izsniegts', 'k-B7', '2025-11-02 11:00:00', 'pēteris lācis', ''),
			(12, 'Izsniegts', 'k-B7', '2025-11-02 11:30:00', 'Pēteris Lācis', ''),
			(13, 'Dejo', 'k-101', '2025-11-02 11:30:00', 'Pēteris Lācis', ''),
			(14, 'Izsniegts', 'k-101', 'kādreiz', 'Pēteris Lācis', ''),
			(15, 'Izsniegts', 'k-101', '2025-11-03 10:00:00', 'admin', '')`,
	}, more...) {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err, statement)
		}
	}
}

func TestAKeyRegisterIsImportedOnceBesideAServer(t *testing.T) {
	t.Parallel()
	dir, data := t.TempDir(), mysqltest.Data(t)
	file, settings := filepath.Join(dir, "old register.db"), filepath.Join(dir, "config.json")
	oldRegister(t, file)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := `{"client_sessions": {"timeout_seconds": 1800, "session_storage_dir": "%s/flask_session"}, "db": {"db_file": "old register.db"}}`
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--data", data, "--root-password", "a long root password", "--time-zone", "Europe/Riga")
	bring := func(more ...string) string {
		t.Helper()
		args := append([]string{"import", "key-register", "--config-json", settings, "--time-zone", "Europe/Riga", "--data", data}, more...)
		code, said := command(t, args...)
		if code != 0 {
			t.Fatalf("%d %s", code, said)
		}
		return said
	}
	const found = "In the register: 3 people, 3 keys, 1 groups, 9 movements, which make 6 loans; 2 keys are out\n" +
		"Returns that nobody had noted, before somebody else took the key: 1\nSkipped: 12\n"
	if said := bring("--dry-run"); !strings.Contains(said, found) || !strings.Contains(said, "Nothing was changed") || !strings.Contains(said, "KEYTRAIL_SESSION_TIMEOUT_SECONDS=1800") {
		t.Error(said)
	}
	said := bring()
	for _, want := range []string{
		found, "Loans imported now: 6; come back since an earlier import: 0; there already: 0",
		"skipped persons 3: it has no name", "skipped key_groups 2: it has no name",
		"skipped key_groups 1: somebody who may take its keys is not", "skipped key_groups 3: nobody of those who may take", "skipped keys k-x: another key has its number",
		"shortened keys k-102: its label", "skipped key_logs 7: nobody stands there", "skipped key_logs 8: the key comes back and was not out",
		"skipped key_logs 9: its key", "skipped key_logs 12: the same person", "skipped key_logs 13: its action", "skipped key_logs 14: its time",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q: %s", want, said)
		}
	}
	if strings.Contains(said, "Lācis") || strings.Contains(said, "secret") {
		t.Errorf("it tells what is personal: %s", said)
	}
	var sizes string
	until(t, func() bool { sizes = logSize(t, s); return strings.Contains(sizes, `"people":{"totalCount":4}`) }, func() string { return sizes }) // of what another process brought, the server hears after a moment
	if said := bring(); !strings.Contains(said, "Loans imported now: 0; come back since an earlier import: 0; there already: 6") {
		t.Errorf("again: %s", said)
	}
	if again := logSize(t, s); again != sizes {
		t.Errorf("importing twice changed the log: %s, then %s", sizes, again)
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("the register was written to: %v", err)
	}
	checkImported(t, s)
	growRegister(t, file)
	if said := bring(); !strings.Contains(said, "Loans imported now: 1; come back since an earlier import: 1; there already: 5") {
		t.Errorf("after it has grown: %s", said)
	}
	if code, said := command(t, "verify", "--data", data); code != 0 || !strings.Contains(said, "intact") {
		t.Errorf("verify: %d %s", code, said)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
}

// growRegister lets key 101 come back and go out again.
func growRegister(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec("INSERT INTO key_logs VALUES (16, 'Atgriezts', 'k-101', '2025-11-04 10:00:00', 'admin', ''), (17, 'Izsniegts', 'k-101', '2025-11-04 11:00:00', 'Jānis Bērziņš', '')"); err != nil {
		t.Fatal(err)
	}
}

// logSize gives what there is of keys, people and movements.
func logSize(t *testing.T, s *running) string {
	t.Helper()
	s.ask(signIn("a long root password"))
	got := s.ask(`{ keys { totalCount } people { totalCount } keyGroups { edges { node { name keyCount takers { person { name } } } } } keyLog(first: 100) { edges { node { id } } } }`)
	if strings.Contains(got, "errors") {
		t.Fatal(got)
	}
	return got
}

func checkImported(t *testing.T, s *running) {
	t.Helper()
	if groups := s.ask(`{ keyGroups { edges { node { name keyCount takers { person { name } } } } } }`); !strings.Contains(groups,
		`[{"node":{"name":"Halls","keyCount":2,"takers":[{"person":{"name":"admin"}},{"person":{"name":"Jānis Bērziņš"}}]}}]`) {
		t.Errorf("the groups are %s", groups)
	}
	response, err := s.Get(s.url + "/api/keyLogs/list?start_time=1746057600&end_time=1764547200")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(response.Status, err)
	}
	var logs []struct{ Action, KeyNumber, At, UserName, Comment string }
	if err := json.Unmarshal(body, &logs); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range logs {
		got = append(got, strings.TrimSpace(strings.Join([]string{l.Action, l.KeyNumber, l.At, l.UserName, l.Comment}, " ")))
	}
	want := []string{
		"Izsniegts 101 2025-05-20T10:30:00Z Jānis Bērziņš Room 204 usage", "Atgriezts 101 2025-05-20T13:00:00Z Jānis Bērziņš",
		"Izsniegts 102 2025-05-21T07:00:00Z Pēteris Lācis", "Atgriezts 102 2025-05-21T09:00:00Z Pēteris Lācis",
		"Izsniegts 101 2025-10-26T00:30:00Z Jānis Bērziņš", "Atgriezts 101 2025-10-26T01:15:00Z Jānis Bērziņš",
		"Izsniegts B-7 2025-11-02T08:00:00Z Jānis Bērziņš", "Atgriezts B-7 2025-11-02T09:00:00Z Jānis Bērziņš",
		"Izsniegts B-7 2025-11-02T09:00:00Z Pēteris Lācis", "Izsniegts 101 2025-11-03T08:00:00Z admin",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	calendar := s.ask(`{ calendar(from: "2025-11-01", days: 4) { days { date issued returned } } }`)
	for _, day := range []string{`{"date":"2025-11-01","issued":0,"returned":0}`, `{"date":"2025-11-02","issued":2,"returned":1}`, `{"date":"2025-11-03","issued":1,"returned":0}`} {
		if !strings.Contains(calendar, day) {
			t.Errorf("%s is not in %s", day, calendar)
		}
	}
}

func TestAFileThatIsNoRegisterIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text, empty := filepath.Join(dir, "text.db"), filepath.Join(dir, "empty.db")
	if err := os.WriteFile(text, []byte("this is no database, only a text that is long enough to be one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{text: "no SQLite database", empty: "neither keys nor movements", filepath.Join(dir, "none.db"): "cannot be read"} {
		if code, said := command(t, "import", "key-register", file, "--dry-run"); code == 0 || !strings.Contains(said, want) {
			t.Errorf("%s: %d %s", file, code, said)
		}
	}
}
