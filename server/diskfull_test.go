package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/disktest"
)

// sender records batches of events as a program does that sends a batch again, under the same keys, until it is answered.
type sender struct {
	at    *running
	token string
	sent  int
}

func (s *sender) batch(n int) (status int, said string) {
	s.at.t.Helper()
	var lines strings.Builder
	for i := range 20 {
		fmt.Fprintf(&lines, `{"eventId": "%d-%d", "action": "sale.made", "metadata": {"note": "%s"}}`+"\n", n, i, strings.Repeat("x", 8<<10))
	}
	r, err := http.NewRequestWithContext(s.at.t.Context(), http.MethodPost, s.at.url+"/intake/activity", strings.NewReader(lines.String()))
	if err != nil {
		s.at.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-ndjson")
	r.Header.Set("Authorization", "Bearer "+s.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return 0, err.Error()
	}
	return answer.StatusCode, string(text)
}

// next sends the next batch, and reports whether all of it was recorded.
func (s *sender) next() (recorded bool, said string) {
	status, said := s.batch(s.sent)
	if recorded = status == http.StatusOK && strings.Count(said, `"seq"`) == 20; recorded {
		s.sent++
	}
	return recorded, said
}

func TestAServerOnAFullDiskSaysSoAndGoesOnByItselfOnceThereIsRoom(t *testing.T) {
	t.Parallel()
	disk := disktest.Small(t, 700)
	data, hog := filepath.Join(disk, "data"), filepath.Join(disk, "hog")
	s := serve(t, "--data", data, "--root-password", rootPassword, "--log-level", "error", "--database-memory", "256")
	s.ask(signIn(rootPassword))
	program := &sender{at: s, token: s.makeToken("till")}
	if ok, said := program.next(); !ok {
		t.Fatal(said)
	}
	disktest.Fill(t, hog)
	refused := ""
	for calls := 0; refused == ""; calls++ {
		if ok, said := program.next(); !ok {
			refused = said
		}
		if calls > 5000 {
			t.Fatal("a full disk takes everything")
		}
	}
	if !strings.Contains(refused, "UNAVAILABLE") {
		t.Errorf("on a full disk it says %.500s", refused)
	}
	if err := os.Remove(hog); err != nil {
		t.Fatal(err)
	}
	before := program.sent
	var answer string
	until(t, func() bool {
		_, answer = program.next()
		return program.sent >= before+3
	}, func() string { return fmt.Sprintf("there is room again: %.500s; %s", answer, s.said) })
	if all := len(s.activity()); all != 20*program.sent {
		t.Errorf("%d events are on record, and %d were acknowledged", all, 20*program.sent)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
	if code, said := command(t, "verify", "--data", data); code != 0 || !strings.Contains(said, "intact") {
		t.Error(code, said)
	}
}
