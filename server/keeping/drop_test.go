package keeping_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/objectstore"
)

// failing is a store that takes no manifest. letGo stands in for what it does to delete.
type failing struct {
	objectstore.Store
	letGo func(ctx context.Context, name string) error
}

var errFull = errors.New("no room")

func (f failing) Put(ctx context.Context, name string, write func(io.Writer) error) error {
	if strings.HasSuffix(name, ".manifest.json") {
		return errFull
	}
	return f.Store.Put(ctx, name, write)
}

func (f failing) Delete(ctx context.Context, name string) error { return f.letGo(ctx, name) }

// asking has a run wait for a server.
func (b *bundle) asking(old int) (before int) {
	b.t.Helper()
	b.old(old, b.Person("Jānis", "").ID)
	if _, err := b.service.Ask(b.t.Context(), b.admin); err != nil {
		b.t.Fatal(err)
	}
	return b.counts()[ledger.StreamAuth]
}

func (b *bundle) exec(statement string, args ...any) {
	b.t.Helper()
	if _, err := b.DB.Exec(b.t.Context(), statement, args...); err != nil {
		b.t.Fatal(err)
	}
}

func TestNothingIsDeletedWhoseArchiveAnotherServerHasThrownAway(t *testing.T) {
	t.Parallel()
	for step, statement := range map[string]string{
		"archive manifest": "DELETE FROM archive WHERE state = 1", // when it is only known to be begun
		"archive written":  "DELETE FROM archive WHERE state = 2",
		"archive begun":    "UPDATE archive SET state = 0 WHERE state = 1",
	} {
		b := setup(t)
		before := b.asking(400)
		once := false
		b.service = b.another(keeping.Config{Reached: func(reached string) {
			if reached == step && !once {
				once = true
				b.exec(statement)
			}
		}})
		b.tick()
		if now := b.counts()[ledger.StreamAuth]; !once || now != before || b.runs()[0].State != keeping.Running {
			t.Fatalf("%s: %d of %d entries are left", step, now, before)
		}
		b.tick()
		if run := b.runs()[0]; run.State != keeping.Done || run.Entries == 0 || before-b.counts()[ledger.StreamAuth] != int(run.Entries) {
			t.Errorf("%s: %+v", step, run)
		}
		b.requireVerified()
		for _, a := range b.archives() {
			if checked, err := b.service.VerifyArchive(t.Context(), b.admin, a.ID); err != nil || checked.Damage.String() != "" {
				t.Errorf("%s: %+v %v", step, checked, err)
			}
		}
	}
}

func TestARunThatCannotTakeBackWhatItBeganEndsAsFailedAndLeavesOneCopy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.asking(400)
	refuses := func(context.Context, string) error { return objectstore.ErrKept }
	b.service = b.another(keeping.Config{Every: keeping.Off, Archives: failing{objectstore.Dir(b.dir), refuses}})
	if err := b.service.Tick(t.Context(), b.Clock.Now()); !errors.Is(err, errFull) {
		t.Fatal(err)
	}
	b.tick()
	if run := b.runs()[0]; run.State != keeping.Failed || b.counts()[ledger.StreamAuth] != before || b.Count("SELECT COUNT(*) FROM archive") != 0 {
		t.Errorf("%+v", run)
	}
	if left := filesOf(t, b.dir); strings.Contains(left, " ") || left == "" {
		t.Errorf("it leaves %q", left)
	}
}

func TestAServerThatStopsWaitsForNoStoreAndTheNextThrowsAwayWhatWasCutOff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.asking(400)
	ctx, stop := context.WithCancel(t.Context())
	hangs := func(ctx context.Context, _ string) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.Context().Done():
			return nil
		}
	}
	b.service = b.another(keeping.Config{Archives: failing{objectstore.Dir(b.dir), hangs}, Reached: func(step string) {
		if step == "archive going" {
			stop()
		}
	}})
	if err := b.service.Tick(ctx, b.Clock.Now()); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if n := b.Count("SELECT COUNT(*) FROM archive WHERE state = 0"); n != 1 {
		t.Fatalf("%d archives are being thrown away", n)
	}
	b.service = b.another(keeping.Config{})
	b.tick()
	if run := b.runs()[0]; run.State != keeping.Done || run.Entries == 0 {
		t.Errorf("%+v", run)
	}
	if n := objectsIn(t, b.dir); n != 2*len(b.archives()) {
		t.Errorf("%d files of %d archives", n, len(b.archives()))
	}
}

func TestARestoredDatabaseForgetsArchivesThatNoEntryNamesAndLeavesTheirFiles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.asking(400)
	b.tick()
	named := b.archives()
	b.exec("UPDATE archive SET state = 2, pruned_by = NULL") // as a backup finds them between two steps of a run
	var files []string
	for state := range 3 {
		one := id.New()
		b.exec("INSERT INTO archive (id, run, state, created_at, from_seq, to_seq, entries, bytes, streams, manifest, damage)"+
			" VALUES (?, ?, ?, NOW(6), 0, 5, 5, 0, '', REPEAT('m', 32), '')", one, one, state)
		file := filepath.Join(b.dir, one.String()+".ndjson.zst")
		if err := os.WriteFile(file, []byte("needed elsewhere"), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error { return keeping.ForgetUnsettled(ctx, tx, b.Ledger) })
	if err != nil {
		t.Fatal(err)
	}
	b.asked()
	for _, file := range files {
		if _, err := os.Stat(file); err != nil {
			t.Error(err)
		}
	}
	after := b.archives()
	if len(after) != len(named) || b.Count("SELECT COUNT(*) FROM archive WHERE state < 3") != 0 {
		t.Fatalf("%d archives were named, and %d are", len(named), len(after))
	}
	for i := range after {
		if after[i].ID != named[i].ID || after[i].PrunedBy != named[i].PrunedBy {
			t.Errorf("%+v was %+v", after[i], named[i])
		}
	}
}

func TestNothingIsDeletedBeforeTheNightAfterABackupWasRestored(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.asking(400)
	b.exec("UPDATE retention_schedule SET next_due = '2000-01-01'") // the night of the backup
	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error { return keeping.Postpone(ctx, tx, b.Clock.Now()) })
	if err != nil {
		t.Fatal(err)
	}
	b.tick()
	if n := len(b.archives()); n != 0 {
		t.Errorf("%d archives were made at once", n)
	}
	b.Clock.Advance(24 * time.Hour)
	b.tick()
	if len(b.archives()) == 0 {
		t.Error("nothing is deleted the night after")
	}
}

func TestAnArchiveThatIsNotInThePlaceThatIsSetIsUnavailableAndOneThatHasLostItsManifestIsDamaged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.asking(400)
	b.tick()
	one := b.archives()[0].ID
	right := b.service
	b.service = b.another(keeping.Config{Archives: objectstore.Dir(t.TempDir())})
	_, err := b.service.VerifyArchive(t.Context(), b.admin, one)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "see KEYTRAIL_ARCHIVE_S3 and KEYTRAIL_ARCHIVE_DIR") || b.archives()[0].Damage.String() != "" {
		t.Errorf("an archive that lies elsewhere counts as damaged: %v", err)
	}
	if err := os.Remove(filepath.Join(b.dir, one.String()+".manifest.json")); err != nil {
		t.Fatal(err)
	}
	if a, err := right.VerifyArchive(t.Context(), b.admin, one); err != nil || a.Damage.String() == "" {
		t.Errorf("an archive without its manifest counts as intact: %+v %v", a, err)
	}
}
