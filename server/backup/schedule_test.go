package backup_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/disktest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/turn"
)

func (b *bundle) schedule(dir string, keep int) *backup.Schedule {
	return backup.NewSchedule(b.DB, b.Ledger, b.Access, backup.Plan{
		Dir: dir, At: time.Hour, Zone: time.UTC, Keep: keep,
		Write: func(ctx context.Context, name string) (*backup.Written, error) {
			return backup.WriteFile(ctx, b.DB, b.Ledger, filepath.Join(dir, name), b.options())
		},
	}, b.Clock.Now, slog.New(slog.DiscardHandler))
}

// outcomes gives how the backups on record ended.
func (b *bundle) outcomes() (succeeded, failed int) {
	b.t.Helper()
	_, size, err := b.Ledger.LastRecorded(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	seqs := make([]uint64, size)
	for i := range seqs {
		seqs[i] = uint64(i)
	}
	entries, err := b.Ledger.ReadSeqs(b.t.Context(), b.DB, seqs)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range entries {
		switch {
		case e.Action != ledger.SystemBackedUp:
		case e.Outcome == ledger.Success:
			succeeded++
		default:
			failed++
		}
	}
	return succeeded, failed
}

func TestEachDayHasOneBackupAndOlderOnesGo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := filepath.Join(b.dir, "backups")
	one, other := b.schedule(dir, 2), b.schedule(dir, 2)
	for day := range 4 {
		for _, s := range []*backup.Schedule{one, other, one} {
			if err := s.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if succeeded, failed := b.outcomes(); succeeded != day+1 || failed != 0 {
			t.Fatalf("on day %d there are %d, and %d failed", day, succeeded, failed)
		}
		b.Clock.Advance(24 * time.Hour)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 || !strings.Contains(files[1].Name(), "20261125T010000Z") {
		t.Fatalf("%v %v", files, err)
	}
}

func TestABackupThatFailedForWantOfRoomIsMadeOnceThereIsSomeAndTheFailureIsOnRecordOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(300)
	dir := disktest.Small(t, 20)
	hog := filepath.Join(dir, "hog")
	disktest.Fill(t, hog)
	s := b.schedule(dir, 2)
	for range 3 {
		requireKind(t, fault.Unavailable, s.Tick(t.Context()))
		if err := s.Tick(t.Context()); err != nil {
			t.Fatalf("it is not left alone for a while: %v", err)
		}
		b.Clock.Advance(11 * time.Minute)
	}
	if succeeded, failed := b.outcomes(); succeeded != 0 || failed != 1 {
		t.Errorf("%d were made and %d failures are on record", succeeded, failed)
	}
	if err := os.Remove(hog); err != nil {
		t.Fatal(err)
	}
	if err := s.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if succeeded, failed := b.outcomes(); succeeded != 1 || failed != 1 {
		t.Errorf("%d were made and %d failures are on record", succeeded, failed)
	}
}

func TestWhatIsThereIsNeverDeletedForABackupThatWasCutOff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := filepath.Join(b.dir, "backups")
	if err := b.schedule(dir, 2).Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	// As the database says that was restored from that very backup, which was being made when it was written.
	if _, err := b.DB.Exec(t.Context(), "UPDATE backup_run SET state = 1, unfinished = 1"); err != nil {
		t.Fatal(err)
	}
	stale := filepath.Join(dir, "keytrail-20261101T010000Z"+backup.Suffix+".1.partial")
	if err := os.WriteFile(stale, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	long := b.Clock.Now().Add(-72 * time.Hour)
	if err := os.Chtimes(stale, long, long); err != nil {
		t.Fatal(err)
	}
	if err := b.schedule(dir, 2).Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 || strings.HasSuffix(files[0].Name(), ".partial") || strings.HasSuffix(files[1].Name(), ".partial") {
		t.Errorf("%v %v", files, err)
	}
}

func TestAServerThatStopsMeanwhileLeavesTheBackupToTheNextWithoutAFailureOnRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := filepath.Join(b.dir, "backups")
	ctx, stop := context.WithCancel(t.Context())
	stopping := backup.NewSchedule(b.DB, b.Ledger, b.Access, backup.Plan{
		Dir: dir, At: time.Hour, Zone: time.UTC, Keep: 2,
		Write: func(ctx context.Context, _ string) (*backup.Written, error) {
			stop()
			<-ctx.Done()
			return nil, ctx.Err()
		},
	}, b.Clock.Now, slog.New(slog.DiscardHandler))
	if err := stopping.Tick(ctx); err == nil {
		t.Error("it says that a backup was made")
	}
	b.Clock.Advance(2 * turn.Lease)
	if err := b.schedule(dir, 2).Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if succeeded, failed := b.outcomes(); succeeded != 1 || failed != 0 {
		t.Errorf("%d were made and %d failures are on record", succeeded, failed)
	}
}

func TestABackupIsMadeWhenSomebodyAsksAndOneAtATime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := filepath.Join(b.dir, "backups")
	s, admin := b.schedule(dir, 2), b.Actor(b.Person("Anna", ""), "admin")
	if err := s.Tick(t.Context()); err != nil { // what is due
		t.Fatal(err)
	}
	asked, err := s.Ask(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.schedule(dir, 2).Ask(t.Context(), admin)
	requireKind(t, fault.Conflict, err)
	if err := b.schedule(dir, 2).Tick(t.Context()); err != nil { // another server
		t.Fatal(err)
	}
	all, err := s.Records(t.Context(), admin, page.Request{})
	if err != nil || len(all.Items) != 2 {
		t.Fatalf("%+v %v", all, err)
	}
	made, due := all.Items[0], all.Items[1]
	if made.ID != asked.ID || made.State != backup.Made || made.AskedByID != admin.Person || made.VerifiedAt == nil || made.Checkpoint == 0 || made.Bytes == 0 {
		t.Errorf("%+v", made)
	}
	if due.State != backup.Made || !due.AskedByID.IsZero() || due.File == made.File {
		t.Errorf("%+v", due)
	}
	if succeeded, failed := b.outcomes(); succeeded != 2 || failed != 0 {
		t.Errorf("%d were made and %d failures are on record", succeeded, failed)
	}
	if _, err := s.Ask(t.Context(), admin); err != nil {
		t.Errorf("the next one is refused: %v", err)
	}
}

func TestABackupIsNotSaidToBeMadeWhenItsFileReadsOtherwise(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := filepath.Join(b.dir, "backups")
	broken := backup.NewSchedule(b.DB, b.Ledger, b.Access, backup.Plan{
		Dir: dir, At: time.Hour, Zone: time.UTC, Keep: 2,
		Write: func(ctx context.Context, name string) (*backup.Written, error) {
			made, err := backup.WriteFile(ctx, b.DB, b.Ledger, filepath.Join(dir, name), b.options())
			if err != nil {
				return nil, err
			}
			return made, os.WriteFile(made.Path, []byte("something else"), 0o600)
		},
	}, b.Clock.Now, slog.New(slog.DiscardHandler))
	requireKind(t, fault.Unavailable, broken.Tick(t.Context()))
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("%v %v", files, err)
	}
	if succeeded, failed := b.outcomes(); succeeded != 0 || failed != 1 {
		t.Errorf("%d were made and %d failures are on record", succeeded, failed)
	}
}

func TestOneThatWasCutOffCountsAsFailedOnceTheNextIsDue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := filepath.Join(b.dir, "backups")
	s, admin := b.schedule(dir, 2), b.Actor(b.Person("Anna", ""), "admin")
	if err := s.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.DB.Exec(t.Context(), "UPDATE backup_run SET state = 1, unfinished = 1"); err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(24 * time.Hour)
	if err := s.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := s.Records(t.Context(), admin, page.Request{})
	if err != nil || len(all.Items) != 2 || all.Items[0].State != backup.Made || all.Items[1].State != backup.Failed || all.Items[1].Problem.IsZero() {
		t.Fatalf("%+v %v", all, err)
	}
}

func TestAServerWithoutADirectoryForBackupsSaysSo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.Actor(b.Person("Anna", ""), "admin")
	off := backup.NewSchedule(b.DB, b.Ledger, b.Access, backup.Plan{}, b.Clock.Now, slog.New(slog.DiscardHandler))
	setting, err := off.Setting(t.Context(), admin)
	if err != nil || setting.On || setting.NextDue != nil {
		t.Errorf("%+v %v", setting, err)
	}
	_, err = off.Ask(t.Context(), admin)
	requireKind(t, fault.Conflict, err)
	on, err := b.schedule(filepath.Join(b.dir, "backups"), 2).Setting(t.Context(), admin)
	if err != nil || !on.On || on.At != "01:00" || on.NextDue == nil || !on.NextDue.After(b.Clock.Now()) {
		t.Errorf("%+v %v", on, err)
	}
}
