package main

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func TestServersThatBeginAtOnceOnOneDatabaseDoNotSignWithTwoKeys(t *testing.T) {
	t.Parallel()
	db, quiet := mysqltest.Open(t), slog.New(slog.DiscardHandler)
	shared := filepath.Join(t.TempDir(), "master.key")
	stores := make([]config.Store, 4)
	errs := make([]error, len(stores))
	var group errgroup.Group
	for i := range stores {
		stores[i] = config.Store{Data: t.TempDir(), MasterKeyFile: shared, LogName: "example.org/race"}
		group.Go(func() error {
			_, errs[i] = newCore(t.Context(), db, stores[i], quiet)
			return nil
		})
	}
	_ = group.Wait()
	var key []byte
	for i, s := range stores {
		text, err := os.ReadFile(s.CheckpointKeyPath())
		switch {
		case errs[i] == nil && err == nil && key == nil:
			key = text
		case errs[i] == nil:
			t.Errorf("a second key signs: %v", err)
		case !errors.Is(err, fs.ErrNotExist) || !strings.Contains(errs[i].Error(), "checkpoint.key is"):
			t.Errorf("%v, and of its key %v", errs[i], err)
		}
	}
	if key == nil {
		t.Fatalf("nobody began: %v", errs)
	}
	for _, s := range stores {
		if err := os.WriteFile(s.CheckpointKeyPath(), key, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := newCore(t.Context(), db, s, quiet); err != nil {
			t.Errorf("with the shared key: %v", err)
		}
	}
	var made int
	if err := db.Get(t.Context(), &made, "SELECT COUNT(*) FROM entry_index WHERE action = ?", ledger.SystemCheckpointKeyMade); err != nil || made != 1 {
		t.Errorf("%d keys are on record, %v", made, err)
	}
}

func TestACheckpointKeyWhoseMakerWasKilledIsRecordedAndAnotherIsRefused(t *testing.T) {
	t.Parallel()
	db, quiet := mysqltest.Open(t), slog.New(slog.DiscardHandler)
	killed := config.Store{Data: t.TempDir(), LogName: "example.org/killed"}
	if key, err := openCheckpointKey(t.Context(), db, killed); err != nil || !key.made {
		t.Fatal(key.made, err)
	}
	if _, err := newCore(t.Context(), db, killed, quiet); err != nil {
		t.Fatal(err)
	}
	other := config.Store{Data: t.TempDir(), MasterKeyFile: killed.MasterKeyPath(), LogName: killed.LogName}
	if _, err := newCore(t.Context(), db, other, quiet); err == nil || !strings.Contains(err.Error(), "checkpoint.key is missing") {
		t.Errorf("a second key: %v", err)
	}
	if _, err := makeCheckpointKey(other.CheckpointKeyPath(), other.LogName); err != nil {
		t.Fatal(err)
	}
	if _, err := newCore(t.Context(), db, other, quiet); err == nil || !strings.Contains(err.Error(), "is another key than the one") {
		t.Errorf("another key: %v", err)
	}
	if _, err := os.Stat(other.CheckpointKeyPath()); err != nil {
		t.Errorf("a key that was there before is gone: %v", err)
	}
}

func TestProcessesOfOneDataDirectoryThatBeginAtOnceShareOneCheckpointKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "checkpoint.key")
	first, err := makeCheckpointKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	second, err := makeCheckpointKey(path, "")
	if err != nil || second.made || second.name != first.name || strings.TrimSpace(second.key) != first.key {
		t.Errorf("%+v %v", second, err)
	}
}
