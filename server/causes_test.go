package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/diskspace"
	"github.com/keytrail/keytrail/server/disktest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
)

func TestADiskIsAlmostFullUntilThereIsAQuarterMoreRoomThanAskedFor(t *testing.T) {
	t.Parallel()
	disk := disktest.Small(t, 20)
	look := diskLook(diskspace.NewGauge(disk), "mark", 0.2)
	found := func() (full, lingers bool) {
		t.Helper()
		causes, err := look(t.Context(), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return len(causes.Found) > 0, causes.Lingers
	}
	room := func(percent int) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(disk, "hog"), make([]byte, (100-percent)*20<<20/100), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		percent       int
		full, lingers bool
	}{{50, false, false}, {10, true, true}, {22, false, true}, {30, false, false}} {
		room(c.percent)
		if full, lingers := found(); full != c.full || lingers != c.lingers {
			t.Errorf("%d percent are free: full %t, lingers %t", c.percent, full, lingers)
		}
	}
}

func TestADirectoryHasOneMarkWhateverItsMachineIsCalled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, err := placeMark(dir)
	if err != nil || len(one) != 16 {
		t.Fatal(one, err)
	}
	if again, err := placeMark(dir); err != nil || again != one {
		t.Errorf("%s and %s, %v", one, again, err)
	}
	if other, err := placeMark(t.TempDir()); err != nil || other == one {
		t.Errorf("another directory has the same: %s, %v", other, err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%v, %v", files, err)
	}
	if err := os.WriteFile(filepath.Join(dir, placeFile), []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if other, err := placeMark(dir); err == nil || len(other) != 16 {
		t.Errorf("%q, %v", other, err)
	}
}

func TestALookAtNoDiskEndsWhatWasFoundBefore(t *testing.T) {
	t.Parallel()
	causes, err := diskLook(diskspace.NewGauge("/there/is/none"), "mark", 0)(t.Context(), time.Now())
	if err != nil || causes.Lingers || len(causes.Found) > 0 || causes.Mark != "mark" {
		t.Errorf("%+v, %v", causes, err)
	}
}

func TestEachRunThatFailsIsACauseOfItsOwn(t *testing.T) {
	t.Parallel()
	run, at := id.New(), time.Now()
	if found := causesOf(keeping.Trouble{Since: &at, Run: run}).Found; len(found) != 1 || found[0].Subject != run {
		t.Errorf("%+v", found)
	}
	if found := causesOf(keeping.Trouble{Since: &at}).Found; len(found) != 1 || !found[0].Subject.IsZero() {
		t.Errorf("%+v", found)
	}
}
