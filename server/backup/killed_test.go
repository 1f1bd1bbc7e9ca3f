package backup_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// childEnv holds what a process that is to be killed has to do.
const childEnv = "KEYTRAIL_BACKUP_CHILD"

// errand is a restore that kills itself behind the Steps-th step.
type errand struct {
	Database     mysql.Config
	File, Phrase string
	Steps        int
	// Finish goes on to the end.
	Finish bool
}

func child(settings string) error {
	var e errand
	if err := json.Unmarshal([]byte(settings), &e); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	owner, err := mysql.OpenOwner(ctx, e.Database)
	if err != nil {
		return err
	}
	f, err := backup.Open(e.File)
	if err != nil {
		return err
	}
	reached := func(string) {
		if e.Steps--; e.Steps == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	_, err = backup.Load(ctx, owner, f, backup.RestoreOptions{Opening: backup.Opening{PassphraseFile: e.Phrase}, Now: time.Now, Reached: reached})
	if err == nil && e.Finish {
		err = backup.Finish(ctx, owner, noteDown, reached)
	}
	return errors.Join(err, f.Close(), owner.Close())
}

// noteDown stands for what a restore records: a row for each time.
func noteDown(ctx context.Context, tx *mysql.Tx) error {
	_, err := tx.Exec(ctx, "INSERT INTO alert_failure (address, username, seq, failed_at) VALUES (?, ?, 1, ?)", make([]byte, 32), random(), time.Now().UTC())
	return err
}

func random() []byte {
	text := make([]byte, 32)
	_, _ = rand.Read(text)
	return text
}

func TestARestoreThatIsKilledAtItsEndIsRecordedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(20)
	file, m := b.write()
	path := filepath.Join(b.dir, "one"+backup.Suffix)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	db, owner := b.another()
	if _, err := b.load(owner, file, nil); err != nil {
		t.Fatal(err)
	}
	e := errand{Database: mysqltest.MigrateConfig(t, db), File: path, Phrase: b.phrase, Finish: true, Steps: 1}
	if !killedAfter(t, e) {
		t.Fatal("it was not killed once it was recorded")
	}
	if err := backup.Unfinished(t.Context(), db); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("it could be served from: %v", err)
	}
	if e.Steps = 2; !killedAfter(t, e) {
		t.Fatal("it was not killed once it was finished")
	}
	if err := backup.Unfinished(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	var noted int
	if err := db.Get(t.Context(), &noted, "SELECT COUNT(*) FROM alert_failure"); err != nil || noted != 1 {
		t.Errorf("it is recorded %d times: %v", noted, err)
	}
	requireIntact(t, db, b.Ledger, m.Entries)
}

// killedAfter runs an errand in a process of its own, and reports whether it was killed before it was done.
func killedAfter(t *testing.T, e errand) bool {
	t.Helper()
	settings, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env, c.Stderr = append(os.Environ(), childEnv+"="+string(settings)), &said
	err = c.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		return true
	}
	if err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	return false
}

func TestARestoreThatIsKilledAtAnyStepIsNotServedFromAndIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(600)
	file, m := b.write()
	path := filepath.Join(b.dir, "one"+backup.Suffix)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	db, owner := b.another()
	e := errand{Database: mysqltest.MigrateConfig(t, db), File: path, Phrase: b.phrase}
	kills := 0
	for e.Steps = 1; killedAfter(t, e); e.Steps += 5 {
		kills++
		if err := backup.Unfinished(t.Context(), db); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("after %d steps it could be served from: %v", e.Steps, err)
		}
	}
	if kills < 4 {
		t.Errorf("it was killed %d times only", kills)
	}
	requireIntact(t, db, b.Ledger, m.Entries)
	if _, err := b.load(owner, file, nil); err != nil { // which finds that all is there
		t.Fatal(err)
	}
	b.some(1)
	newer, _ := b.write()
	_, err := b.load(owner, newer, nil)
	requireKind(t, fault.Conflict, err)
}
