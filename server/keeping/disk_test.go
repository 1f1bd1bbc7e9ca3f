package keeping_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/disktest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
)

// onSmallDisk puts the archives on a file system in memory of one MiB, which is full until the test removes the file
// that it gives.
func (b *bundle) onSmallDisk() (hog string) {
	b.t.Helper()
	b.dir = disktest.Small(b.t, 1)
	hog = filepath.Join(b.dir, "hog")
	disktest.Fill(b.t, hog)
	if err := os.Truncate(hog, 1<<20-12<<10); err != nil { // an archive begins and does not end
		b.t.Fatal(err)
	}
	return hog
}

func TestARunWhoseArchivesHaveNoRoomDeletesNothingSaysSoAndGoesOnOnceThereIsSome(t *testing.T) {
	t.Parallel()
	b := setup(t)
	hog := b.onSmallDisk()
	b.service = b.another(keeping.Config{})
	b.old(900, b.Person("Jānis", "").ID, b.Person("Pēteris", "").ID)
	before := b.counts()[ledger.StreamAuth]
	if _, err := b.service.Ask(t.Context(), b.admin); err != nil {
		t.Fatal(err)
	}
	want, err := b.service.Preview(t.Context(), b.admin)
	if err != nil || want.Entries < 500 {
		t.Fatal(want, err)
	}
	for try := range 3 {
		if err := b.service.Tick(t.Context(), b.Clock.Now()); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("on a full disk it says %v", err)
		}
		run := b.runs()[0]
		if run.State != keeping.Running || run.Entries != 0 || !strings.Contains(run.Problem.String(), "disk has room") ||
			!strings.Contains(run.Problem.In(language.Latvian), "diskā ir vieta") {
			t.Fatalf("%+v", run)
		}
		if found := b.trouble(); (found.Since != nil) != (try == 2) {
			t.Fatalf("after try %d: %+v", try, found)
		}
		if now := b.counts()[ledger.StreamAuth]; now != before || len(b.archives()) != 0 {
			t.Fatalf("%d of %d entries are left, in %d archives", now, before, len(b.archives()))
		}
		if left := filesOf(t, b.dir); left != "hog" {
			t.Fatalf("it leaves %s", left)
		}
	}
	b.requireVerified()
	if err := os.Remove(hog); err != nil {
		t.Fatal(err)
	}
	b.tick()
	if n := b.Count("SELECT COUNT(*) FROM retention_attempt"); n != 0 {
		t.Error("its attempts still count")
	}
	run := b.runs()[0]
	if run.State != keeping.Done || run.Entries != want.Entries || run.Problem.String() != "" || before-b.counts()[ledger.StreamAuth] != int(want.Entries) {
		t.Errorf("%+v, and the preview was %+v", run, want)
	}
	b.requireVerified()
	for _, a := range b.archives() {
		if checked, err := b.service.VerifyArchive(t.Context(), b.admin, a.ID); err != nil || checked.Damage.String() != "" {
			t.Errorf("%+v %v", checked, err)
		}
	}
}

func filesOf(t *testing.T, dir string) string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	return strings.Join(names, " ")
}

func TestARunThatCannotArchiveForADayCountsAsFailedAndIsOnRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.onSmallDisk()
	b.service = b.another(keeping.Config{})
	b.old(300, b.Person("Jānis", "").ID)
	if _, err := b.service.Ask(t.Context(), b.admin); err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(21 * time.Hour)
	if err := b.service.Tick(t.Context(), b.Clock.Now()); !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	if run := b.runs()[0]; run.State != keeping.Failed {
		t.Errorf("%+v", run)
	}
	if trouble := b.trouble(); trouble.Since == nil || trouble.Run != b.runs()[0].ID {
		t.Errorf("a run failed, and it is said %+v", trouble)
	}
	if n := b.Count("SELECT COUNT(*) FROM entry_index WHERE action = ?", ledger.LogRetentionRun); n != 1 {
		t.Errorf("%d entries say so", n)
	}
}
