package privacy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/workhours"
)

// childEnv holds what a process that is to be killed has to do.
const childEnv = "KEYTRAIL_PRIVACY_CHILD"

// errand is to complete what was approved, and to be killed behind the Steps-th step.
type errand struct {
	Database    mysql.Config
	Master, Key string
	Now         time.Time
	Steps       int
}

func child(settings string) error {
	var e errand
	if err := json.Unmarshal([]byte(settings), &e); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := mysql.Open(ctx, e.Database)
	if err != nil {
		return err
	}
	now := func() time.Time { return e.Now }
	log := slog.New(slog.DiscardHandler)
	master, err := seal.OpenMaster(ctx, db, e.Master)
	if err != nil {
		return err
	}
	sealer, err := seal.New(db, master, now)
	if err != nil {
		return err
	}
	l, err := ledger.New(db, sealer, ledger.Options{Origin: ledgertest.Origin, Key: e.Key, Now: now, Logger: log})
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	group := &errgroup.Group{}
	group.Go(func() error { return l.Run(running) })
	err = e.finish(ctx, db, sealer, l, now, log)
	stop()
	return errors.Join(err, group.Wait(), db.Close())
}

func (e *errand) finish(ctx context.Context, db *mysql.DB, sealer *seal.Service, l *ledger.Ledger, now func() time.Time, log *slog.Logger) error {
	acc, err := access.New(ctx, db, l, now, log)
	if err != nil {
		return err
	}
	persons, err := people.New(ctx, db, sealer, l, acc, now, log)
	if err != nil {
		return err
	}
	_, err = privacy.New(db, privacy.Parts{
		Ledger: l, Access: acc, People: persons, Work: workhours.New(db, sealer, l, acc, persons, workhours.Config{Zone: time.UTC}, now, log),
		Exports: exports.New(db, exports.Services{Seal: sealer, Ledger: l, Access: acc}, now, log), Reached: e.reached,
	}, now, log).Finish(ctx)
	return err
}

func (e *errand) reached(string) {
	if e.Steps--; e.Steps == 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// killedAfter completes erasures in a process of its own, and reports whether it was killed before it was done.
func (b *bed) killedAfter(steps int) bool {
	b.t.Helper()
	settings, err := json.Marshal(errand{
		Database: mysqltest.MigrateConfig(b.t, b.DB), Master: b.MasterPath, Key: b.Fixture.Fixture.Key,
		Now: b.Clock.Advance(2 * time.Minute), Steps: steps, // beyond the turn of the one that was killed
	})
	if err != nil {
		b.t.Fatal(err)
	}
	var said bytes.Buffer
	c := exec.CommandContext(b.t.Context(), os.Args[0])
	c.Env, c.Stderr = append(os.Environ(), childEnv+"="+string(settings)), &said
	err = c.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		return true
	}
	if err != nil {
		b.t.Fatalf("%v: %s", err, said.String())
	}
	return false
}

func TestAnErasureThatIsKilledAtAnyStepIsCompletedOnce(t *testing.T) {
	t.Parallel()
	b := open(t)
	old, err := os.ReadFile(b.MasterPath)
	check(t, err)
	decided := b.erase()
	kills := 0
	for b.killedAfter(kills + 1) {
		kills++
		if n := b.Count("SELECT COUNT(*) FROM seal_key WHERE subject = ? AND wrapped IS NOT NULL", seal.Person(b.leaver.ID)); n != 0 {
			t.Fatalf("after %d kills his key is there again", kills)
		}
		b.everythingVerifies()
	}
	if kills < 6 {
		t.Errorf("killed only %d times", kills)
	}
	if n := len(b.Entries(ledger.PrivacyErasureCompleted)); n != 1 {
		t.Errorf("it was completed %d times", n)
	}
	if n := b.Count("SELECT COUNT(*) FROM privacy_request WHERE id = ? AND completed_at IS NOT NULL", decided.ID); n != 1 {
		t.Error("the request is not completed")
	}
	if now, err := os.ReadFile(b.MasterPath); err != nil || slices.Equal(old, now) {
		t.Errorf("the master key is the old one: %v", err)
	}
	if kept, ok := b.People.Find(b.says.Person); !ok || kept.Name == "" {
		t.Error("somebody else is gone, too")
	}
	b.everythingVerifies()
}
