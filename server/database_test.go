package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func TestADatabaseOfOnesOwnIsCheckedAndMigratedOnDemand(t *testing.T) {
	t.Parallel()
	c := mysqltest.OpenServer(t).Config()
	data := t.TempDir()
	own := []string{"--data", data, "--database", c.Serve, "--database-admin", c.Migrate}
	if code, said := command(t, append([]string{"migrate", "down"}, own...)...); code != 0 {
		t.Fatal(code, said)
	}
	code, said := command(t, append([]string{"serve", "--listen", "127.0.0.1:0"}, own...)...)
	if code != 1 || !strings.Contains(said, "keytrail migrate up") {
		t.Errorf("an old schema: %d %s", code, said)
	}
	if code, said := command(t, append([]string{"migrate", "up"}, own...)...); code != 0 {
		t.Fatal(code, said)
	}
	s := serve(t, append(own, "--root-password", "a long root password")...)
	if got := s.ask(signIn("a long root password")); !strings.Contains(got, "mustChangePassword") {
		t.Error(got)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
	code, said = command(t, "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--database", c.Serve)
	if code != 1 || !strings.Contains(said, "KEYTRAIL_MASTER_KEY_FILE") {
		t.Errorf("without its keys: %d %s", code, said)
	}
}

func TestAServerOutlivesItsDatabase(t *testing.T) {
	t.Parallel()
	database := mysqltest.OpenServer(t)
	s := serve(t, "--data", t.TempDir(), "--database", database.Config().Serve, "--root-password", "a long root password")
	s.ask(signIn("a long root password"))
	for range 3 {
		database.Kill()
		s.awaitAnswer(t, `mutation { saveKeyGroup(input: {name: "Offices", id: null}) { keyGroup { version } } }`)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
}

// awaitAnswer repeats a mutation while the database is away, and checks that each answer until then says so.
func (s *running) awaitAnswer(t *testing.T, query string) {
	t.Helper()
	var got string
	until(t, func() bool {
		if got = s.ask(query); !strings.Contains(got, `"UNAVAILABLE"`) {
			return true
		}
		if !strings.Contains(got, "retryAfterSeconds") && !strings.Contains(got, "unknown whether") {
			t.Errorf("it does not say when to try again: %s", got)
		}
		return false
	}, func() string { return "it never was there again: " + got })
	if !strings.Contains(got, "keyGroup") && !strings.Contains(got, "CONFLICT") {
		t.Fatal(got)
	}
	until(t, func() bool {
		response, err := s.Get(s.url + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, func() string { return "it never became ready again" })
}
