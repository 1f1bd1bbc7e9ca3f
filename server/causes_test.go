package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/disktest"
)

func TestADiskIsAlmostFullUntilThereIsAQuarterMoreRoomThanAskedFor(t *testing.T) {
	t.Parallel()
	disk := disktest.Small(t, 20)
	look := diskLook(disk, 0.2)
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
