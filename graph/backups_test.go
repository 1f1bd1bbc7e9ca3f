package graph_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/fault"
)

func TestWhyABackupFailedIsSaidInTheReadersLanguageAndTheNextOneIsShownWithWhatIsInIt(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	const ask, list = `{"query":"mutation { runBackup { backup { state } } }"}`,
		`{"query":"{ backups(first: 1) { edges { node { state askedBy { name } checkpoint problem } } } }"}`
	asked := func() {
		t.Helper()
		if a := s.As("admin").Post(t, ask, jsonHeader()); a.Code() != "" {
			t.Fatalf("%s", a.Text)
		}
	}
	shows := func(language string, words ...string) {
		t.Helper()
		answer := string(s.As("admin").Post(t, list, speaking(language)).Text)
		for _, word := range words {
			if !strings.Contains(answer, word) {
				t.Errorf("%s is not in %s", word, answer)
			}
		}
	}
	asked()
	full := fault.New(fault.Unavailable, "The disk is full: %s could not be written, and nothing is left of it. Make room and try again.", "keytrail-1")
	if err := backupWriter(t, s, full).Tick(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	shows("en", `"FAILED"`, "Anna Kalniņa", "The disk is full: keytrail-1 could not")
	shows("lv", `"FAILED"`, "keytrail-1", "Disks ir pilns")
	asked()
	if err := backupWriter(t, s, nil).Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	shows("lv", `"MADE"`, "Anna Kalniņa", `"problem":null`)
}

// backupWriter gives what makes the backups of a server, each of which fails if failed is set.
func backupWriter(t *testing.T, s *graphtest.Seeded, failed error) *backup.Schedule {
	t.Helper()
	dir := t.TempDir()
	phrase := filepath.Join(dir, "phrase")
	if err := os.WriteFile(phrase, []byte("twelve otters in a row\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return backup.NewSchedule(s.DB, s.Ledger, s.Access, backup.Plan{
		Dir: dir, At: time.Hour, Zone: time.UTC, Keep: 1,
		Write: func(ctx context.Context, name string) (*backup.Written, error) {
			if failed != nil {
				return nil, failed
			}
			return backup.WriteFile(ctx, s.DB, s.Ledger, filepath.Join(dir, name),
				backup.Options{Locks: backup.Locks{PassphraseFile: phrase, Effort: 10}, Keytrail: "test", Now: time.Now})
		},
	}, s.Clock.Now, slog.New(slog.DiscardHandler))
}
