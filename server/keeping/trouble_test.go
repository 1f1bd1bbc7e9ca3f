package keeping_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
)

func (b *bundle) trouble() keeping.Trouble {
	b.t.Helper()
	found, err := b.service.Trouble(b.t.Context(), b.Clock.Now())
	if err != nil {
		b.t.Fatal(err)
	}
	return found
}

func TestTroubleIsARunThatStandsStillOrDidNotBegin(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if found := b.trouble(); found.Since != nil || found.Unsettled {
		t.Errorf("nothing has happened yet: %+v", found)
	}
	b.tick() // settles the first night
	b.Clock.Advance(12 * time.Hour)
	if found := b.trouble(); found.Since != nil {
		t.Errorf("it is not late yet: %+v", found)
	}
	b.Clock.Advance(48 * time.Hour)
	if found := b.trouble(); found.Since == nil || !found.Run.IsZero() {
		t.Errorf("no run began for two days: %+v", found)
	}
	b.tick()
	if found := b.trouble(); found.Since != nil || found.Unsettled {
		t.Errorf("the run is done: %+v", found)
	}
	run, err := b.service.Ask(t.Context(), b.admin)
	if err != nil {
		t.Fatal(err)
	}
	if found := b.trouble(); found.Since != nil || !found.Unsettled {
		t.Errorf("a run is under way: %+v", found)
	}
	if _, err := b.DB.Exec(t.Context(), "UPDATE retention_run SET problem = 'no room' WHERE id = ?", run.ID); err != nil {
		t.Fatal(err)
	}
	if found := b.trouble(); found.Since == nil || found.Run != run.ID {
		t.Errorf("a run stands still: %+v", found)
	}
}

func TestAnArchiveIsDamagedUntilItVerifiesAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.old(300, b.Person("Jānis", "").ID)
	b.asked()
	one := b.archives()[0]
	files, err := filepath.Glob(filepath.Join(b.dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if strings.Contains(path, one.ID.String()) {
			if err := os.Rename(path, path+".away"); err != nil {
				t.Fatal(err)
			}
		}
	}
	damaged := func() int {
		t.Helper()
		if _, err := b.service.VerifyArchive(t.Context(), b.admin, one.ID); err != nil {
			t.Fatal(err)
		}
		found, err := b.service.Damaged(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	if n := damaged(); n != 1 {
		t.Errorf("its files are gone, and %d are damaged", n)
	}
	for _, path := range files {
		if strings.Contains(path, one.ID.String()) {
			if err := os.Rename(path+".away", path); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := damaged(); n != 0 {
		t.Errorf("its files are back, and %d are damaged", n)
	}
}

func TestOfTooManyArchivesSomeAreNamedAndItIsSaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.service = b.another(keeping.Config{ArchiveEntries: 150})
	b.old(900, b.Person("Jānis", "").ID)
	run := b.asked()
	if run.Archives < 3 {
		t.Fatalf("%+v", run)
	}
	for most, cut := range map[int]bool{2: true, run.Archives: false} {
		found, is, err := b.service.ParticularsOf(t.Context(), b.DB, []id.ID{run.ID}, most)
		if err != nil || is != cut || len(found[run.ID].Archives) != most {
			t.Errorf("at most %d: %+v, cut %t, %v", most, found[run.ID], is, err)
		}
	}
}
