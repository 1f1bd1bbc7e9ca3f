package mysql

import (
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/fault"
)

func TestAddressesAreRead(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string][5]string{
		"mysql://u:p@db:3307/keytrail":                {"u", "p", "tcp", "db:3307", "keytrail"},
		"mysql://u:p@db/kt_2?tls=true":                {"u", "p", "tcp", "db:3306", "kt_2"},
		"mysql://u@[::1]/keytrail":                    {"u", "", "tcp", "[::1]:3306", "keytrail"},
		"mysql://u@[::1]:9/keytrail":                  {"u", "", "tcp", "[::1]:9", "keytrail"},
		"mysql://u%40x:p%3A%2F%25@unix(/a/b)/keytr":   {"u@x", "p:/%", "unix", "/a/b", "keytr"},
		"mysql://u:p@unix(/a%20b%29/c.sock)/keytrail": {"u", "p", "unix", "/a b)/c.sock", "keytrail"},
	} {
		cfg, err := parseDSN(dsn)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
			continue
		}
		if got := [5]string{cfg.User, cfg.Passwd, cfg.Net, cfg.Addr, cfg.DBName}; got != want {
			t.Errorf("%s: got %v", dsn, got)
		}
	}
}

func TestWrongAddressesAreExplainedWithoutThePassword(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"", "keytrail.db", "postgres://u:hunter2@db/keytrail", "mysql://db/keytrail", "mysql://:hunter2@db/keytrail",
		"mysql://u:hunter2@db/", "mysql://u:hunter2@db", "mysql://u:hunter2@db/a`b", "mysql://u:hunter2@db/9", "mysql://u:hunter2@db/" + strings.Repeat("x", 57),
		"mysql://u:hunter2@unix(/a/keytrail", "mysql://u:hunter2@a,b/keytrail", "mysql://u:%zzhunter2@db/keytrail",
		"mysql://u:hunter2@db/keytrail?tls=maybe", "mysql://u:hunter2@db/keytrail?multiStatements=true", "mysql://u:hunter2@db/keytrail?%zz",
	} {
		_, err := parseDSN(dsn)
		if !fault.Is(err, fault.BadInput) {
			t.Errorf("%q: got %v", dsn, err)
			continue
		}
		if text := err.Error(); strings.Contains(text, "hunter2") || !strings.Contains(text, "KEYTRAIL_DATABASE") {
			t.Errorf("%q: %s", dsn, text)
		}
	}
}

func FuzzAddressOfASocketIsReadBack(f *testing.F) {
	f.Add("user", "pass", "/run/mysql.sock")
	f.Add("a:b@c", "%)(?", "/it's 100% (odd) @home?/x,y")
	f.Fuzz(func(t *testing.T, user, password, socket string) {
		if user == "" {
			return // there is no account without a name
		}
		cfg, err := parseDSN(socketDSN(user, password, socket, "keytrail"))
		if err != nil {
			t.Fatal(err)
		}
		if cfg.User != user || cfg.Passwd != password || cfg.Addr != socket || cfg.DBName != "keytrail" {
			t.Fatalf("%q %q %q became %q %q %q", user, password, socket, cfg.User, cfg.Passwd, cfg.Addr)
		}
	})
}
