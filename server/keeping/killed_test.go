package keeping_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/objectstore"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

// childEnv holds what a process that is to be killed has to do.
const childEnv = "KEYTRAIL_KEEPING_CHILD"

// errand is what a process is to do before it kills itself behind the Steps-th step.
type errand struct {
	Database    mysql.Config
	Master, Key string
	Dir         string
	// Bucket is where archives lie, nil for Dir.
	Bucket *objectstore.Bucket
	Now    time.Time
	Steps  int
	// Restore is the archive that is put back; zero carries out what is due.
	Restore id.ID
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
	err = e.do(ctx, db, sealer, l, now, log)
	stop()
	return errors.Join(err, group.Wait(), db.Close())
}

func (e *errand) do(ctx context.Context, db *mysql.DB, sealer *seal.Service, l *ledger.Ledger, now func() time.Time, log *slog.Logger) error {
	acc, err := access.New(ctx, db, l, now, log)
	if err != nil {
		return err
	}
	persons, err := people.New(ctx, db, sealer, l, acc, now, log)
	if err != nil {
		return err
	}
	archives, err := e.store()
	if err != nil {
		return err
	}
	open := func(ctx context.Context) (*mysql.DB, error) { return mysql.OpenRetention(ctx, e.Database) }
	s := keeping.New(db, sealer, l, acc, persons, custody.New(db, l, acc, persons, time.UTC, now), open, keeping.Config{
		Archives: archives, Zone: time.UTC, Every: keeping.Off, ArchiveEntries: 150, Reached: e.reached,
	}, now, log)
	if e.Restore.IsZero() {
		return s.Tick(ctx, e.Now)
	}
	owner, err := mysql.OpenOwner(ctx, e.Database)
	if err != nil {
		return err
	}
	_, err = s.Restore(ctx, access.System(), e.Restore, keeping.RestoreOptions{Owner: owner, KeepFor: time.Hour})
	return errors.Join(err, owner.Close())
}

func (e *errand) store() (objectstore.Store, error) {
	if e.Bucket == nil {
		return objectstore.Dir(e.Dir), nil
	}
	return objectstore.OpenS3(*e.Bucket)
}

func (e *errand) reached(string) {
	if e.Steps--; e.Steps == 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// killedAfter runs an errand in a process of its own, and reports whether it was killed before it was done.
func (b *bundle) killedAfter(steps int, restore id.ID) bool {
	b.t.Helper()
	settings, err := json.Marshal(errand{
		Database: mysqltest.MigrateConfig(b.t, b.DB), Master: b.MasterPath, Key: b.Fixture.Fixture.Key, Dir: b.dir, Bucket: b.bucket,
		Now: b.Clock.Advance(2 * time.Minute), Steps: steps, Restore: restore, // beyond the turn of the one that was killed
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

func TestARunThatIsKilledAtAnyStepIsFinishedAndLosesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.old(900, b.Person("Jānis", "").ID, b.Person("Pēteris", "").ID)
	before := b.counts()[ledger.StreamAuth]
	if _, err := b.service.Ask(t.Context(), b.admin); err != nil {
		t.Fatal(err)
	}
	want, err := b.service.Preview(t.Context(), b.admin)
	if err != nil || want.Entries < 500 {
		t.Fatal(want, err)
	}
	kills := 0
	for b.killedAfter(kills+1, id.ID{}) {
		kills++
		b.requireVerified()
	}
	run := b.runs()[0]
	if kills < 8 || run.State != keeping.Done || run.Entries != want.Entries || before-b.counts()[ledger.StreamAuth] != int(want.Entries) {
		t.Fatalf("after %d kills: %+v, and the preview was %+v", kills, run, want)
	}
	archives := b.archives()
	files, err := os.ReadDir(b.dir)
	if err != nil || len(files) != 2*len(archives) {
		t.Errorf("%d files of %d archives: %v", len(files), len(archives), err)
	}
	for _, a := range archives {
		for steps := 1; b.killedAfter(steps, a.ID); steps++ {
			b.requireVerified()
		}
	}
	b.requireVerified()
	if after := b.counts()[ledger.StreamAuth]; after != before {
		t.Errorf("%d of %d entries are there again", after, before)
	}
}
