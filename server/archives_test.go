package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// eachID finds what `keytrail archive list` begins a line with.
var eachID = regexp.MustCompile(`(?m)^[0-9a-f-]{36}`)

// A disaster's order of things: the disk with the database is gone, a backup and the archives are not.
func TestArchivesGoIntoARestoredKeytrailWhichThenVerifiesAsAWhole(t *testing.T) {
	t.Parallel()
	data, elsewhere, apart := mysqltest.Data(t), filepath.Join(t.TempDir(), "data"), t.TempDir()
	in := func(name string) string { return filepath.Join(apart, name) }
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in("identity"), []byte(mine.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--data", data, "--root-password", rootPassword, "--retention-grace", "0", "--log-level", "error")
	s.recordOld("till", 900)
	before := s.activity()
	if len(before) != 900 {
		t.Fatalf("%d events were recorded", len(before))
	}
	s.ask(`mutation { runRetention { run { id } } }`)
	s.await(`{ retentionRuns(first: 1) { edges { node { state } } } }`, `"DONE"`)
	if left := s.activity(); len(left) >= 900-512 {
		t.Fatalf("%d events are left after the run", len(left))
	}
	if code, said := command(t, "backup", in("one"), "--keys", in("keys"), "--data", data, "--backup-recipients", mine.Recipient().String()); code != 0 {
		t.Fatal(code, said)
	}
	if code := s.end(); code != 0 {
		t.Fatalf("ended with %d: %s", code, s.said)
	}

	if code, said := command(t, "restore", in("one"), "--data", elsewhere, "--identity", in("identity"), "--keys", in("keys")); code != 0 {
		t.Fatal(code, said)
	}
	if err := os.CopyFS(filepath.Join(elsewhere, "archives"), os.DirFS(filepath.Join(data, "archives"))); err != nil {
		t.Fatal(err)
	}
	code, said := command(t, "archive", "list", "--data", elsewhere)
	archives := eachID.FindAllString(said, -1)
	if code != 0 || len(archives) == 0 {
		t.Fatal(code, said)
	}
	if code, said := command(t, "archive", "verify", "--data", elsewhere); code != 0 || !strings.Contains(said, fmt.Sprintf("All %d archives", len(archives))) {
		t.Fatal(code, said)
	}
	if code, said := command(t, "archive", "search", "--data", elsewhere, "--source", "till", "--action", "sale.made", "--limit", "2000"); code != 0 ||
		strings.Count(said, "sale.made") < 512 || !strings.Contains(said, "archives were read as a whole, 0 were not.") {
		t.Fatal(code, said)
	}
	if code, said := command(t, "archive", "search", "--data", elsewhere, "--json", "--limit", "3", "--stream", "activity"); code != 0 || strings.Count(said, `"action":"sale.made"`) != 3 {
		t.Fatal(code, said)
	}
	for _, one := range archives {
		if code, said := command(t, "archive", "restore", one, "--data", elsewhere); code != 0 {
			t.Fatal(code, said)
		}
	}
	if code, said := command(t, "verify", "--data", elsewhere); code != 0 || !strings.Contains(said, "intact") {
		t.Error(code, said)
	}
	s = serve(t, "--data", elsewhere, "--log-level", "error")
	s.ask(signIn(rootPassword))
	after := s.activity()
	for seq, body := range before {
		if after[seq] != body {
			t.Fatalf("entry %s is %.200s, and was %.200s", seq, after[seq], body)
		}
	}
	if len(after) != len(before) {
		t.Errorf("there are %d events, and there were %d", len(after), len(before))
	}
}

// recordOld signs in as root and has a program record events of two years ago.
func (s *running) recordOld(source string, many int) {
	s.t.Helper()
	s.ask(signIn(rootPassword))
	token := s.makeToken(source)
	old := time.Now().AddDate(-2, 0, 0).UTC()
	var lines strings.Builder
	for n := range many {
		fmt.Fprintf(&lines, `{"eventId": "%d", "action": "sale.made", "occurredAt": "%s", "metadata": {"sum": %d}}`+"\n", n, old.Add(time.Duration(n)*time.Second).Format(time.RFC3339), n)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/intake/activity", strings.NewReader(lines.String()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-ndjson")
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	said, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil || response.StatusCode != http.StatusOK {
		s.t.Fatalf("%d %.500s %v", response.StatusCode, said, err)
	}
}

// makeToken makes a token for a program that records activity, as whoever is signed in.
func (s *running) makeToken(source string) string {
	s.t.Helper()
	var made struct {
		Data struct {
			Made struct{ Token string } `json:"createApiToken"`
		}
	}
	answer := s.ask(`mutation { createApiToken(input: {name: "Till", role: "integrator", source: "` + source + `"}) { token } }`)
	if err := json.Unmarshal([]byte(answer), &made); err != nil || made.Data.Made.Token == "" {
		s.t.Fatal(answer, err)
	}
	return made.Data.Made.Token
}

// activity gives what the activity log tells of each entry, by its place.
func (s *running) activity() map[string]string {
	s.t.Helper()
	all, after := map[string]string{}, "null"
	for {
		var page struct {
			Data struct {
				ActivityLog struct {
					Edges []struct {
						Cursor string
						Node   json.RawMessage
					}
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
		}
		answer := s.ask(`{ activityLog(first: 200, after: ` + after + `) { edges { cursor node { body metadata } } pageInfo { hasNextPage endCursor } } }`)
		if err := json.Unmarshal([]byte(answer), &page); err != nil || strings.Contains(answer, `"errors"`) {
			s.t.Fatal(answer, err)
		}
		for _, edge := range page.Data.ActivityLog.Edges {
			all[edge.Cursor] = string(edge.Node)
		}
		if !page.Data.ActivityLog.PageInfo.HasNextPage {
			return all
		}
		after = fmt.Sprintf("%q", page.Data.ActivityLog.PageInfo.EndCursor)
	}
}

// await asks until the answer holds a text.
func (s *running) await(query, text string) {
	s.t.Helper()
	var answer string
	until(s.t, func() bool {
		answer = s.ask(query)
		return strings.Contains(answer, text)
	}, func() string { return fmt.Sprintf("%s never gives %s, but %s: %s", query, text, answer, s.said) })
}
